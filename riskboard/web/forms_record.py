"""Which stored forecasts of the reference class a page speaks of."""

import numpy as np
from django import forms

from riskboard.web.forms_catalog import Choices, FilterForm, choice, page_field
from riskboard.web.forms_exports import UndatedExport
from scoring.engine.backtest import ENGINE
from scoring.pastwords import DOMAINS, GOVERNANCE
from scoring.record import STATES, Rows, load_record

RECALLED: Choices = [("", "Included"), ("exclude", "Left out")]
FORECAST: Choices = [("", "States alone"), ("full", "States and signals")]


def values(name: str) -> Choices:
    words = DOMAINS if name == "domain" else GOVERNANCE
    return [(value, words[value]) for value in sorted(set(getattr(load_record().rows, name)))]


class RecordFilter(FilterForm):
    recalled = forms.ChoiceField(label="Recalled cases", required=False, choices=RECALLED)
    governance = choice("Who decides", [])
    domain = choice("Domain", [])

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for name in ("governance", "domain"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Any"), *values(name)]

    def chosen_rows(self) -> Rows:
        return narrowed(**{name: self.cleaned_data[name] for name in ("recalled", "governance", "domain")})


def narrowed(recalled: str = "", governance: str = "", domain: str = "") -> Rows:
    rows = load_record().rows
    keep = np.ones(len(rows), dtype=np.bool_)
    if recalled:
        keep &= ~rows.recalled
    if governance:
        keep &= rows.governance == governance
    if domain:
        keep &= rows.domain == domain
    return rows.where(keep)


class RecordForm(RecordFilter):
    forecast = forms.ChoiceField(label="Forecast from", required=False, choices=FORECAST)
    field_order = ["forecast", "recalled", "governance", "domain"]

    @property
    def csv_query(self) -> str:
        """Of the CSV, which has every method in each row."""
        return self.query(forecast=None, page=None)

    @property
    def method(self) -> str:
        """Of the two that the page can put first."""
        return ENGINE if self.cleaned_data["forecast"] else STATES


class RecordBinForm(RecordForm):
    page = page_field()


class TrackRecordExport(RecordFilter, UndatedExport):
    """The forecasts of the reference class; all that pass are given, whichever forecast a page puts first."""
