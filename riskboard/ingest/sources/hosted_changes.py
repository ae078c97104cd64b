"""What a difference between two looks at the list of hosted models says, as drafts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from riskboard.catalog import kinds
from riskboard.ingest.drafts import Draft
from riskboard.ingest.sources import absence, drafting
from riskboard.ingest.sources.drafting import Citation, row_key
from riskboard.ingest.sources.hosted_model import CLOSED, OPEN, HostedModel, per_million
from riskboard.ingest.sources.subjects import Subjects

PUBLISHER = "OpenRouter"
LEAST_CHANGE = Decimal("0.25")
FROM_NOTHING = Decimal(10)  # what was free and is not any more
PROMPT_WEIGHT = 3  # tokens read for each one written, where the two prices move apart


def price_shift(before: tuple[Decimal | None, Decimal | None], after: tuple[Decimal | None, Decimal | None]) -> Decimal:
    """The larger relative change of the two prices; 0 while one of them is unknown and the other did not move."""
    shifts = [_shift(old, new) for old, new in zip(before, after, strict=True) if old is not None and new is not None]
    if len(shifts) == 2 and min(shifts) < 0 < max(shifts):
        old, new = (_blend(*prices) for prices in (before, after))
        return _shift(old, new)
    return max(shifts, key=abs, default=Decimal(0))


def _shift(old: Decimal, new: Decimal) -> Decimal:
    if old == 0:
        return FROM_NOTHING if new > 0 else Decimal(0)
    return (new - old) / old


def _blend(prompt: Decimal | None, completion: Decimal | None) -> Decimal:
    return PROMPT_WEIGHT * (prompt or Decimal(0)) + (completion or Decimal(0))


@dataclass(frozen=True, slots=True)
class Observer:
    """Writes down what was seen of the hosted models of one vendor."""

    subjects: Subjects
    base: str
    now: datetime

    def price(
        self,
        model: HostedModel,
        before: tuple[Decimal | None, Decimal | None],
        shift: Decimal,
        snapshots: tuple[str, ...],
    ) -> Draft:
        """Of closed weights it is the vendor's own price; of open ones that of whoever hosts them."""
        is_rise, is_own = shift > 0, model.weights == CLOSED
        old, new = ", ".join(map(per_million, before)), ", ".join(map(per_million, (model.prompt, model.completion)))
        kind = kinds.SignalKind.PRICE_INCREASE if is_rise else kinds.SignalKind.PRICE_CUT
        severity = 1 if not is_own else 3 if is_rise and shift >= 1 else 2
        return self._signal(
            model.name,
            f"price-{self.now:%Y-%m-%d}",
            kind,
            kinds.Direction.WEAKENS if is_rise else kinds.Direction.STRENGTHENS,
            severity,
            f"{model.title}: per million tokens read and written {old} before, {new} now.",
            (f"price {'up' if is_rise else 'down'} by {abs(shift):.0%}" if before[0] or before[1] else "was free",),
            snapshots,
            model.repository,
        )

    def ending(self, model: HostedModel, ends_on: date, snapshots: tuple[str, ...]) -> Draft:
        return self._signal(
            model.name,
            f"ends-{ends_on}",
            kinds.SignalKind.API_DEPRECATION,
            kinds.Direction.WEAKENS,
            2 if model.weights == CLOSED else 1,
            f"Hosted access to {model.title} ends on {ends_on} at OpenRouter.{self._weights_stay(model.weights)}",
            (f"expiration_date: {ends_on}",),
            snapshots,
            model.repository,
        )

    def ended(
        self, name: str, title: str, weights: str, looks: list[str], what: str, snapshots: tuple[str, ...]
    ) -> Draft:
        """``what`` is gone: the whole entry, or every host of it."""
        first = looks[0][:10]
        return self._signal(
            name,
            f"ended-{first}",
            kinds.SignalKind.API_DEPRECATION,
            kinds.Direction.WEAKENS,
            2 if weights == CLOSED else 1,
            f"Hosted access to {title} ended at OpenRouter: {what}.{self._weights_stay(weights)}",
            (absence.in_words(looks),),
            snapshots,
            "",
            on=date.fromisoformat(first),
        )

    def closed_flagship(self, model: HostedModel, open_sibling: HostedModel, snapshots: tuple[str, ...]) -> Draft:
        created = model.created_at or self.now
        return self._signal(
            model.name,
            "closed",
            kinds.SignalKind.CLOSED_FLAGSHIP,
            kinds.Direction.WEAKENS,
            4,
            f"{model.title}, the dearest and newest model of its vendor there, is offered hosted without open weights.",
            (
                "hugging_face_id is empty",
                f"costs at least as much as {open_sibling.name}, the dearest with open weights",
            ),
            snapshots,
            "",
            on=min(created, self.now).date(),
        )

    def _weights_stay(self, weights: str) -> str:
        return " The weights are another matter." if weights == OPEN else ""

    def _signal(
        self,
        name: str,
        what: str,
        kind: str,
        direction: str,
        severity: int,
        summary: str,
        observed: tuple[str, ...],
        snapshots: tuple[str, ...],
        repository: str,
        *,
        on: date | None = None,
    ) -> Draft:
        return drafting.signal(
            row_key("openrouter", name, what),
            vendor=self.subjects.slug,
            family=self.subjects.family(repository or name.split("/", 1)[-1]),
            kind=kind,
            on=on or self.now.date(),
            direction=direction,
            severity=severity,
            summary=summary,
            citation=Citation(f"{self.base}/{name}", f"{name} at OpenRouter", PUBLISHER),
            observed=observed,
            snapshots=snapshots,
        )
