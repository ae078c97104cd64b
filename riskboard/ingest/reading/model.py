"""The trained model at run time: exported coefficients, numpy, nothing else."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskboard.ingest.reading.features import Features

FILE = Path(__file__).parent.parent / "classifier" / "model.json"
SCALE = 100  # coefficients are kept as whole hundredths

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Multinomial logistic regression over named features; with one class, the logit of that class."""

    classes: tuple[str, ...]
    index: dict[str, int]
    coefficients: Floats  # features x classes
    intercept: Floats

    def scores(self, features: Features) -> Floats:
        rows, worths = [], []
        for name, worth in features.items():
            row = self.index.get(name)
            if row is not None:
                rows.append(row)
                worths.append(worth)
        if not rows:
            return self.intercept
        scores: Floats = np.asarray(worths) @ self.coefficients[rows] + self.intercept
        return scores

    def strongest(self, features: Features, column: int) -> list[str]:
        """The features that spoke for a class, strongest first."""
        spoke = [
            (self.coefficients[self.index[name], column] * worth, name)
            for name, worth in features.items()
            if name in self.index
        ]
        return [name for share, name in sorted(spoke, reverse=True) if share > 0]

    def exported(self) -> dict[str, Any]:
        whole = np.rint(self.coefficients * SCALE).astype(int)
        kept = {name: whole[row].tolist() for name, row in self.index.items() if whole[row].any()}
        return {
            "classes": list(self.classes),
            "intercept": np.rint(self.intercept * SCALE).astype(int).tolist(),
            "features": kept,
        }


def imported(exported: dict[str, Any]) -> Linear:
    features: dict[str, list[int]] = exported["features"]
    matrix = np.array(list(features.values()), dtype=np.float64).reshape(len(features), len(exported["classes"]))
    return Linear(
        tuple(exported["classes"]),
        {name: row for row, name in enumerate(features)},
        matrix / SCALE,
        np.array(exported["intercept"], dtype=np.float64) / SCALE,
    )


@dataclass(frozen=True, slots=True)
class Model:
    relevance: Linear
    kind: Linear


@lru_cache(maxsize=1)
def model() -> Model:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return Model(imported(content["relevance"]), imported(content["kind"]))
