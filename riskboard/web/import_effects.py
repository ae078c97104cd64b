"""How far the scores move when a whole file of rows is recorded: the rows are written, and the scores computed anew."""

from collections.abc import Callable
from datetime import date

from riskboard.catalog.models import Line
from riskboard.ingest.imports.applying import Measure, Move
from riskboard.web.effects import LEAST, counts_on
from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import gather_all


def measure(as_of: date) -> Measure:
    """On every line whose score changes, on the first day on which what was added counts."""

    def measured(write: Callable[[], None]) -> list[Move]:
        before = gather_all()
        write()
        after = gather_all()
        named = dict(Line.objects.values_list("slug", "name"))
        moved = (_moved(slug, named[slug], before.get(slug), dossier, as_of) for slug, dossier in after.items())
        return sorted((move for move in moved if move is not None), key=lambda move: -abs(move["points"]))

    return measured


def _moved(slug: str, name: str, before: Dossier | None, after: Dossier, as_of: date) -> Move | None:
    if before is None or before == after:  # a line that was not there had no score to move
        return None
    on = counts_on(before, after, as_of)
    points = assess(after, load_rubric(SHIPPED), on).durability - assess(before, load_rubric(SHIPPED), on).durability
    if abs(points) < LEAST:
        return None
    return {"slug": slug, "name": name.rsplit(" (", 1)[0], "points": round(points, 3), "on": on.isoformat()}
