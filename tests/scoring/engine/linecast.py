"""Casts for outcomes of lines: releases with terms, and cases that only say who failed."""

from dataclasses import replace
from datetime import date

from scoring.engine.facts import Dossier, Release
from scoring.engine.grants import Grant, Limit, Terms
from scoring.engine.linecases import LineCase, Standing
from scoring.engine.outcomes import Outcome
from tests.scoring.engine.dossiers import on, release

FREE = Terms("free", "yes", (), frozenset(), uses=False, training=False, gated=False)
PAID = replace(FREE, license="paid", commercial="conditional", limits=(Limit("revenue", "", "USD", "year", 1e6),))
UNREAD = Terms("unread", None, None, None, uses=None, training=None, gated=None)


def launch(name: str, announced: int, opened: int | None = None, terms: Terms = FREE, **more: object) -> Release:
    """Open under ``terms`` from day ``opened``; without it hosted only."""
    grants = () if opened is None else (Grant(on(opened), terms),)
    return release(name, announced, opened, grants=grants, **more)


def line(*releases: Release, subject: str = "acme-language", vendor: str = "acme") -> Dossier:
    return Dossier(subject, releases=releases, vendor=vendor)


def case(
    failed: bool,
    vendor: str = "acme",
    origin: date = date(2024, 1, 1),
    *,
    failed_before: bool = False,
    launches: int = 3,
    events: int = 0,
) -> LineCase:
    standing = Standing(f"{vendor}-language", vendor, origin, failed_before, launches, events)
    return LineCase(standing, Outcome("failed" if failed else "kept", None, "", ("release:x",)))
