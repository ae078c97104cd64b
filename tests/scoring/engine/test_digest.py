"""Equal evidence, equal digest, whatever the order or the hash seed."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.digest import input_digest
from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from tests.scoring.engine.dossiers import DAYS, STEADY, dossiers, fact, on, report

ROOT = Path(__file__).parents[3]


@settings(max_examples=40)
@given(dossiers(), DAYS, st.integers(0, 9))
def test_neither_order_nor_later_rows_matter(dossier: Dossier, day: date, seed: int) -> None:
    shuffled = replace(
        dossier,
        reports=tuple(Random(seed).sample(dossier.reports, len(dossier.reports))),
        releases=dossier.releases[::-1],
        facts=dossier.facts[::-1],
    )
    assert input_digest(shuffled, day) == input_digest(dossier, day) == input_digest(as_known(dossier, day), day)


def test_it_changes_with_the_evidence_and_not_with_the_day() -> None:
    news = replace(STEADY, reports=(report("e", "layoffs", 800),))
    assert input_digest(news, on(799)) == input_digest(STEADY, on(700))
    assert input_digest(news, on(800)) != input_digest(STEADY, on(800))
    severer = replace(STEADY, reports=(report("e", "layoffs", 800, severity=4),))
    assert input_digest(news, on(800)) != input_digest(severer, on(800))
    assert input_digest(STEADY, on(205)) != input_digest(STEADY, on(206))  # weights arrive


def test_it_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "from tests.scoring.engine.test_digest import FLAGGED, on; from scoring.engine.digest import input_digest;"
        "print(input_digest(FLAGGED, on(0)))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert digests == {input_digest(FLAGGED, on(0)) + "\n"}


FLAGGED = Dossier(
    "x",
    facts=(fact("license", "permissive", flags=frozenset({"threshold", "territory", "terminable", "irrevocable"})),),
)
