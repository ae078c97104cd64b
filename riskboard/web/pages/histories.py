"""What became of open commitments of the past: the figures first, then every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from riskboard.web.forms_histories import AMONG, GROUPED_BY, HistoriesForm
from riskboard.web.pages.history_curves import Curves, curves_of, single_vendor_curve
from riskboard.web.pages.listing import Header, Pages, cut, headers
from scoring.baserates import BaseRates, Ending, Share, base_rates, endings, new_years
from scoring.engine.survival import Curve
from scoring.pastcases import PastCase, past_cases
from scoring.pastwords import ENDINGS

COLUMNS = (
    ("name", "Commitment", False),
    ("domain", "Domain", False),
    ("", "Terms at the start", False),
    ("ended", "What became of it", False),
    ("lasted", "Years", True),
    ("notice", "Notice", True),
)


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """The class in a few numbers."""

    ended: Share
    vendors: int
    recalled: int
    endings: tuple[Ending, ...]
    single: Curve
    foundation: Share

    @property
    def all_endings(self) -> Ending:
        return self.endings[0]


@dataclass(frozen=True, slots=True)
class Rates:
    among: str
    baseline_vendors: int
    rows: tuple[BaseRates, ...]


@dataclass(frozen=True, slots=True)
class HistoriesPage:
    form: HistoriesForm
    headline: Headline
    curves: Curves
    rates: Rates
    recalled_choices: tuple[Choice, ...]
    by_choices: tuple[Choice, ...]
    among_choices: tuple[Choice, ...]
    cases: list[PastCase]
    pages: Pages
    headers: tuple[Header, ...]
    ending_words: dict[str, str]


def histories_page(form: HistoriesForm) -> HistoriesPage:
    without = form.without_recalled
    cases, pages = cut(form.ordered(form.narrow(past_cases())), form)
    return HistoriesPage(
        form=form,
        headline=_headline(without),
        curves=_curves(without, form.grouped_by),
        rates=_rates(without, form.rates_among),
        recalled_choices=_choices(form, "recalled", {"": "counted", "out": "left out"}, "out" if without else ""),
        by_choices=_choices(form, "by", GROUPED_BY, form.grouped_by),
        among_choices=_choices(form, "among", AMONG, form.rates_among),
        cases=cases,
        pages=pages,
        headers=headers(form, COLUMNS),
        ending_words=ENDINGS,
    )


def counted(*, without_recalled: bool) -> list[PastCase]:
    return [case for case in past_cases() if not (without_recalled and case.is_recalled)]


@lru_cache(maxsize=2)
def _headline(without_recalled: bool) -> Headline:
    cases = counted(without_recalled=without_recalled)
    kept = [case for case in cases if case.governance == "foundation"]
    return Headline(
        ended=Share(sum(case.failed for case in cases), len(cases)),
        vendors=len({case.vendor for case in cases}),
        recalled=sum(case.is_recalled for case in past_cases()),
        endings=endings(cases),
        single=single_vendor_curve(cases),
        foundation=Share(sum(case.failed for case in kept), len(kept)),
    )


@lru_cache(maxsize=8)
def _curves(without_recalled: bool, by: str) -> Curves:
    return curves_of(counted(without_recalled=without_recalled), by)


@lru_cache(maxsize=4)
def _rates(without_recalled: bool, among: str) -> Rates:
    cases = [
        case
        for case in counted(without_recalled=without_recalled)
        if among == "all" or case.governance == "single_vendor"
    ]
    return Rates(AMONG[among], len({unit.vendor for unit in new_years(cases)}), base_rates(cases))


def _choices(form: HistoriesForm, name: str, labels: dict[str, str], chosen: str) -> tuple[Choice, ...]:
    """Links that change one choice and keep the rest; the usual one goes unsaid."""
    usual: Sequence[str] = [next(iter(labels))]
    return tuple(
        Choice(label, form.query(**{name: None if code in usual else code}), code == chosen)
        for code, label in labels.items()
    )
