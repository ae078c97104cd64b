"""Query strings of the pages about how the board itself is doing."""

from django import forms

from riskboard.ingest.sources import SOURCES
from riskboard.web.forms_catalog import FilterForm, OfVendorForm, choice, page_field

STATES = [
    ("failing", "failing"),
    ("quiet", "quiet"),
    ("token", "needs a setting"),
    ("off", "switched off"),
    ("new", "not looked at yet"),
    ("fine", "fine"),
]


class FeedsForm(OfVendorForm):
    connector = choice("Read through", [(code, connector.name) for code, connector in SOURCES.items()])
    state = choice("State", STATES)
    page = page_field()


class PageForm(FilterForm):
    """For lists that have pages and nothing else to ask."""

    page = page_field()


class DismissalForm(forms.Form):
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why nobody needs it."})
