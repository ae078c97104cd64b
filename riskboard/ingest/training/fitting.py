"""Fitting the model with scikit-learn, in development only. Deterministic: same rows, same coefficients."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from riskboard.ingest.classify import Evidence
from riskboard.ingest.reading.features import Features
from riskboard.ingest.reading.model import Linear, Model
from riskboard.ingest.training.rows import Row

SEEN_AT_LEAST = 2  # rows, for a feature to be learned
REGULARIZATION = {"relevance": 0.3, "kind": 1.0}  # inverse strength, chosen by cross-validation


@dataclass(frozen=True, slots=True)
class Example:
    row: Row
    evidence: Evidence
    features: Features


def fit(examples: Sequence[Example]) -> Model:
    positives = [example for example in examples if example.row.relevant]
    return Model(
        relevance=_fit(examples, ["relevant" if one.row.relevant else "not" for one in examples], "relevance"),
        kind=_fit(positives, [one.row.kind for one in positives], "kind"),
    )


def _fit(examples: Sequence[Example], labels: list[str], what: str) -> Linear:
    counts = Counter(name for example in examples for name in example.features)
    kept = [{name: worth for name, worth in one.features.items() if counts[name] >= SEEN_AT_LEAST} for one in examples]
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(kept)
    fitted = LogisticRegression(C=REGULARIZATION[what], class_weight="balanced", max_iter=2_000, solver="lbfgs")
    fitted.fit(matrix, labels)
    names = {name: row for row, name in enumerate(vectorizer.get_feature_names_out())}
    if what == "relevance":
        assert list(fitted.classes_) == ["not", "relevant"]
        return Linear(("relevant",), names, fitted.coef_.T, fitted.intercept_)
    return Linear(tuple(str(name) for name in fitted.classes_), names, fitted.coef_.T, np.asarray(fitted.intercept_))
