"""How numbers are written."""

import pytest
from django.template import Context, Template

from riskboard.web.templatetags.board import signed, trend


@pytest.mark.parametrize(
    ("value", "digits", "text", "direction"),
    [
        (-0.3, 0, "0", "flat"),
        (0.3, 1, "+0.3", "up"),
        (-0.5, 0, "0", "flat"),
        (-0.51, 0, "−1", "down"),
        (-0.04, 1, "0.0", "flat"),
        (-0.04, 2, "−0.04", "down"),
        (4.0, 0, "+4", "up"),
        (None, 0, "unknown", "flat"),
    ],
)
def test_a_number_shown_as_zero_has_no_direction(value: float | None, digits: int, text: str, direction: str) -> None:
    assert (signed(value, digits), trend(value, digits)) == (text, direction)


def test_a_template_gives_both_the_same_digits() -> None:
    template = Template('{% load board %}<b class="{{ value|trend:1 }}">{{ value|signed:1 }}</b>')
    assert template.render(Context({"value": -0.06})) == '<b class="down">−0.1</b>'
