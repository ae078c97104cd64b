"""One live forecast: the question, what was said before anybody knew, and how it came out."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from scoring.cards import EvidenceCard, evidence_index
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.schema import RubricError
from scoring.models import Prediction, Resolution
from scoring.precision import of_lines
from scoring.track import LiveForecast


@dataclass(frozen=True, slots=True)
class Said:
    """A resolution and the rows that show it. ``lost``: references to rows that are no longer there."""

    resolution: Resolution
    evidence: tuple[EvidenceCard, ...]
    lost: tuple[str, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class LiveForecastPage:
    forecast: LiveForecast
    failure: str  # in words
    story: tuple[Said, ...]
    is_due: bool
    overdue: bool  # every day that it could wait for has passed
    ruling_url: str

    @property
    def says_side(self) -> bool:
        """Below, near or above the usual: only where the record on lines permits it."""
        return of_lines() == "bands"

    @property
    def prediction(self) -> Prediction:
        return self.forecast.prediction


def live_forecast_page(prediction: Prediction, today: date, *, may_rule: bool) -> LiveForecastPage:
    """``prediction`` comes with its line and vendor."""
    said = tuple(prediction.resolutions.order_by("pk").select_related("ruled_by"))
    forecast = LiveForecast(prediction, said)
    cards = evidence_index(reference for each in said for reference in each.evidence)
    return LiveForecastPage(
        forecast=forecast,
        failure=_rubric(prediction.rubric).words.failure,
        story=tuple(_said(each, cards, said[-1]) for each in said),
        is_due=today > prediction.due_on,
        overdue=forecast.is_open and today > prediction.settles_on,
        ruling_url=reverse("rule_prediction", args=[prediction.pk]) if may_rule else "",
    )


def _rubric(name: str) -> Rubric:
    """That of the forecast while it comes with the program."""
    try:
        return load_rubric(name)
    except RubricError:
        return load_rubric(SHIPPED)


def _said(resolution: Resolution, cards: dict[str, EvidenceCard], last: Resolution) -> Said:
    shown = tuple(cards[reference] for reference in resolution.evidence if reference in cards)
    lost = tuple(reference for reference in resolution.evidence if reference not in cards)
    return Said(resolution, shown, lost, resolution.pk == last.pk)
