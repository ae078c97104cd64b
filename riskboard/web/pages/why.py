"""Why the score is what it is: the items of the sum with their evidence, and what it were without some of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from riskboard.web.pages.citing import Cited
from scoring.engine.assess import what_if
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.explain import case_for_and_against
from scoring.engine.facts import Dossier
from scoring.engine.rubric import Rubric

STRONGEST = 4


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    points: float
    dimension: str  # in words
    cited: tuple[Cited, ...]
    event: str  # the event it stands for, when it can be left out in a what-if; else empty
    without_event: tuple[str, ...]  # the events left out after its toggle is pressed
    is_left_out: bool = False

    @property
    def first(self) -> tuple[Cited, ...]:
        return self.cited[:2]

    @property
    def others(self) -> int:
        return max(0, len(self.cited) - 2)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The same day had those events not happened: recomputed, so not the sum of their shares."""

    score: float
    change: float
    share: float  # what the items of those events add to the score as it is
    left_out: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Why:
    base: Item
    holds: tuple[Item, ...]
    breaks: tuple[Item, ...]
    bound: Item | None
    score: float
    what_if: WhatIf | None

    @property
    def strongest_breaks(self) -> tuple[Item, ...]:
        return self.breaks[:STRONGEST]

    @property
    def strongest_holds(self) -> tuple[Item, ...]:
        return self.holds[:STRONGEST]

    @property
    def other_breaks(self) -> tuple[Item, ...]:
        return self.breaks[STRONGEST:]

    @property
    def other_holds(self) -> tuple[Item, ...]:
        return self.holds[STRONGEST:]

    @property
    def rest(self) -> tuple[Item, ...]:
        return (*self.other_breaks, *self.other_holds)

    @property
    def points_of_other_breaks(self) -> float:
        return sum(item.points for item in self.other_breaks)

    @property
    def points_of_other_holds(self) -> float:
        return sum(item.points for item in self.other_holds)

    @property
    def subtotals(self) -> tuple[tuple[str, float], ...]:
        """(dimension, points), heaviest first; together with the base and the bound they are the score."""
        sums: dict[str, float] = {}
        for item in (*self.breaks, *self.holds):
            sums[item.dimension] = sums.get(item.dimension, 0.0) + item.points
        return tuple(sorted(sums.items(), key=lambda subtotal: -abs(subtotal[1])))

    @property
    def points_for(self) -> float:
        return sum(item.points for item in self.holds)

    @property
    def points_against(self) -> float:
        return sum(item.points for item in self.breaks)

    @property
    def points_of_rest(self) -> float:
        return sum(item.points for item in self.rest)


class UnknownEventError(LookupError):
    """The address names an event that is not on this line's record."""


def why(
    dossier: Dossier, assessment: Assessment, rubric: Rubric, cited: Mapping[str, Cited], without: tuple[str, ...]
) -> Why:
    def item(contribution: Contribution) -> Item:
        return _item(contribution, rubric, cited, without)

    case = case_for_and_against(assessment)
    known = {contribution.key: contribution for contribution in assessment.contributions}
    return Why(
        base=item(known["BASE"]),
        holds=tuple(item(contribution) for contribution in case.holds),
        breaks=tuple(item(contribution) for contribution in case.breaks),
        bound=item(known["BOUND"]) if "BOUND" in known else None,
        score=assessment.durability,
        what_if=_what_if(dossier, assessment, rubric, cited, without) if without else None,
    )


def items_of(contributions: Iterable[Contribution], rubric: Rubric, cited: Mapping[str, Cited]) -> tuple[Item, ...]:
    """Strongest first."""
    ranked = sorted(contributions, key=lambda item: (-abs(item.points), item.key))
    return tuple(_item(contribution, rubric, cited, ()) for contribution in ranked)


def _item(contribution: Contribution, rubric: Rubric, cited: Mapping[str, Cited], without: tuple[str, ...]) -> Item:
    event = contribution.key.removeprefix("EV:") if contribution.code.startswith("EV:") else ""
    dimension = rubric.dimensions.get(contribution.dimension)
    return Item(
        label=contribution.label,
        points=contribution.points,
        dimension=dimension.label if dimension else "",
        cited=tuple(cited[reference] for reference in contribution.evidence if reference in cited),
        event=event,
        without_event=_toggled(without, event),
        is_left_out=event in without,
    )


def _toggled(without: tuple[str, ...], event: str) -> tuple[str, ...]:
    if event in without:
        return tuple(other for other in without if other != event)
    return (*without, event)


def _what_if(
    dossier: Dossier, assessment: Assessment, rubric: Rubric, cited: Mapping[str, Cited], without: Collection[str]
) -> WhatIf:
    events = {report.event for report in dossier.reports}
    for event in without:
        if event not in events:
            raise UnknownEventError(f"This line has no event “{event}” to leave out.")
    change, other = what_if(dossier, rubric, assessment.as_of, remove=without)
    left_out = [item for item in assessment.contributions if item.key.removeprefix("EV:") in without]
    return WhatIf(
        score=other.durability,
        change=change,
        share=sum(item.points for item in left_out),
        left_out=tuple(_item(item, rubric, cited, tuple(without)) for item in left_out),
    )
