"""What the histories can be asked: whom to count, how to group the curves, and which of them to list."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms

from riskboard.catalog import kinds
from riskboard.web.forms_catalog import FilterForm, choice, page_field, sort_choice
from scoring.pastcases import PastCase
from scoring.pastwords import DOMAINS, ENDINGS, FUNDING, GOVERNANCE

GROUPED_BY = {"governance": "governance", "funding": "who pays", "domain": "domain"}
AMONG = {"single_vendor": "single vendors", "all": "everyone"}
ORDERS: dict[str, Callable[[PastCase], Any]] = {
    "name": lambda case: case.subject.casefold(),
    "domain": lambda case: (DOMAINS[case.domain], case.subject.casefold()),
    "ended": lambda case: (case.failed, case.ended, case.slug),
    "lasted": lambda case: case.years,
    "notice": lambda case: -1 if case.notice_days is None else case.notice_days,
}


def _among(label: str, names: dict[str, str]) -> forms.ChoiceField:
    return choice(label, sorted(names.items(), key=lambda pair: pair[1]))


class HistoriesForm(FilterForm):
    default_order = "-ended"
    figures: ClassVar[tuple[str, ...]] = ("recalled", "by", "among")
    apart = FilterForm.apart | frozenset({"by", "among"})
    q = forms.CharField(
        label="Name, vendor or terms", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    domain = _among("Domain", DOMAINS)
    governance = _among("Governance", GOVERNANCE)
    funding = _among("Who pays", FUNDING)
    ended = choice("How it ended", [("no", "did not, as far as followed"), ("yes", "ended"), *ENDINGS.items()])
    confidence = choice("Confidence", kinds.Confidence.choices)
    recalled = choice("Recalled rows", [("out", "left out")])
    by = choice("Curves by", list(GROUPED_BY.items()))
    among = choice("Rates among", list(AMONG.items()))
    sort = sort_choice(*ORDERS)
    page = page_field()

    @property
    def without_recalled(self) -> bool:
        return self.cleaned_data.get("recalled") == "out"

    @property
    def grouped_by(self) -> str:
        return self.cleaned_data.get("by") or "governance"

    @property
    def rates_among(self) -> str:
        return self.cleaned_data.get("among") or "single_vendor"

    @property
    def list_fields(self) -> list[forms.BoundField]:
        return [field for field in self.fields_shown if field.name not in self.figures]

    @property
    def kept(self) -> str:
        """The choices about the figures, for a link that filters anew."""
        return urlencode(self.carried)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the list's filters take along of the figures above them."""
        return [(name, value) for name in self.figures if (value := self.cleaned_data.get(name))]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters.keys() - set(self.figures))

    @property
    def unnarrowed(self) -> str:
        return self.query(**dict.fromkeys([*self.filters.keys() - set(self.figures), "page", "sort"], None))

    def narrow(self, cases: Iterable[PastCase]) -> list[PastCase]:
        return [case for case in cases if self._keeps(case)]

    def ordered(self, cases: list[PastCase]) -> list[PastCase]:
        order = ORDERS[self.order.removeprefix("-")]
        return sorted(cases, key=order, reverse=self.order.startswith("-"))

    def _keeps(self, case: PastCase) -> bool:
        asked = self.filters
        equal = ("domain", "governance", "funding", "confidence")
        return (
            not (self.without_recalled and case.is_recalled)
            and all(getattr(case, name) == asked[name] for name in equal if name in asked)
            and _ended_so(case, asked.get("ended", ""))
            and mentions(case, asked.get("q", "").casefold())
        )


def _ended_so(case: PastCase, how: str) -> bool:
    match how:
        case "":
            return True
        case "yes" | "no":
            return case.failed == (how == "yes")
        case _:
            return case.event == how


def mentions(case: PastCase, words: str) -> bool:
    """``words`` in folded case, each anywhere in what the history says of itself."""
    told = (case.subject, case.vendor, case.commitment, case.terms_before, case.terms_after, case.reversal_terms)
    text = " ".join(told).casefold()
    return all(word in text for word in words.split())


class HistoriesExport(HistoriesForm):
    """The filters of the list, for its CSV."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("sort", "page", "by", "among"):
            del self.fields[name]
