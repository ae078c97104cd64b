"""The form with which a reviewer rules on how a forecast came out."""

from dataclasses import dataclass

from riskboard.web.forms_predictions import PredictionRulingForm
from scoring.models import Prediction, Resolution
from scoring.rulings import version_of

CONFLICT = "Another outcome was recorded meanwhile. Nothing was overwritten, and what you typed is still here."


@dataclass(frozen=True, slots=True)
class PredictionRulingPage:
    prediction: Prediction
    form: PredictionRulingForm
    story: tuple[Resolution, ...]  # all that was said of how it came out, oldest first; the last holds
    is_conflict: bool = False

    @property
    def problem(self) -> str:
        return CONFLICT if self.is_conflict else ""


def prediction_ruling_page(
    prediction: Prediction, form: PredictionRulingForm | None = None, *, is_conflict: bool = False
) -> PredictionRulingPage:
    story = tuple(prediction.resolutions.order_by("pk").select_related("ruled_by"))
    known = {"version": version_of(story[-1] if story else None)}
    form = form or PredictionRulingForm(initial=known)
    return PredictionRulingPage(prediction, form, story, is_conflict)
