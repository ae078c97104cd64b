from scoring.models.appending import AppendOnlyError
from scoring.models.predictions import Prediction, Resolution
from scoring.models.scores import History, Score, ScoreQuerySet

__all__ = ["AppendOnlyError", "History", "Prediction", "Resolution", "Score", "ScoreQuerySet"]
