"""Labeled rows to learn from: headlines written for this purpose, the shipped evidence, analysts' decisions."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskboard.catalog.loading import SHIPPED
from riskboard.ingest.classify import Entry, reports_of
from riskboard.ingest.reading.model import Model
from riskboard.ingest.reading.stories import Report

HEADLINES = Path(__file__).parent / "headlines.csv"
HOLDOUT = Path(__file__).parent / "holdout.csv"
BLIND = Path(__file__).parent / "blind.csv"  # labeled before the rules were read; its errors were never looked at
STORIES = Path(__file__).parent / "stories.csv"
RECALLED = "recalled"  # evidence without a source has no published title: its summary stands in


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str
    summary: str
    publisher: str
    published_on: date | None
    relevant: bool
    vendor: str
    family: str
    kind: str
    direction: str
    severity: int | None
    origin: str  # evidence, written, decision


def training_rows(decisions: Path | None = None) -> list[Row]:
    rows = [*evidence_rows(SHIPPED / "signals.csv"), *labeled_rows(HEADLINES)]
    return [*rows, *labeled_rows(decisions)] if decisions else rows


def evidence_rows(path: Path) -> Iterator[Row]:
    for cells in _cells(path):
        title, summary = cells["source_title"], cells["summary"]
        if title.lower().startswith(RECALLED):
            title, summary = summary, ""
        yield _row(cells, title, summary, "evidence", is_relevant=True)


def labeled_rows(path: Path) -> Iterator[Row]:
    """A CSV with the columns of headlines.csv. ``relevant`` is true or false."""
    for cells in _cells(path):
        yield _row(cells, cells["title"], cells["summary"], cells["origin"], is_relevant=cells["relevant"] == "true")


def _row(cells: dict[str, str], title: str, summary: str, origin: str, *, is_relevant: bool) -> Row:
    published = cells["published_on"]
    return Row(
        cells["id"],
        title,
        summary,
        cells["publisher"],
        date.fromisoformat(published) if len(published) == len("2026-01-31") else None,
        is_relevant,
        cells["vendor"],
        cells["family"],
        cells["kind"],
        cells["direction"],
        int(cells["severity"]) if cells["severity"] else None,
        origin,
    )


def _cells(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def told_stories(trained: Model, use: str) -> list[tuple[str, Report]]:
    """The reports of stories.csv as the model labels them, each with its true story; ``use`` as in the file."""
    cells = [one for one in _cells(STORIES) if one["use"] == use]
    entries = [
        Entry(one["id"], one["title"], one["summary"], one["publisher"], date.fromisoformat(one["published_on"]))
        for one in cells
    ]
    return [(one["story"], report) for one, report in zip(cells, reports_of(entries, trained), strict=True)]
