"""Scores as files that anyone can compute again (method section 9)."""

from datetime import date
from pathlib import Path

from scoring.engine.recheck import rubric_text, score_file
from scoring.engine.rubric import SHIPPED
from scoring.kept import dossiers, lines_known_on


def file_name(slug: str, as_of: date) -> str:
    return f"riskboard-score-{slug}-{as_of.isoformat()}.json"


def file_of(slug: str, as_of: date) -> bytes:
    """Raises KeyError for an unknown line."""
    return score_file(dossiers()[slug], rubric_text(SHIPPED), as_of)


def write_files(folder: Path, as_of: date) -> int:
    """A file for every line of which anything was public on that day; returns how many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    slugs = sorted(lines_known_on(as_of))
    for slug in slugs:
        (folder / file_name(slug, as_of)).write_bytes(file_of(slug, as_of))
    return len(slugs)
