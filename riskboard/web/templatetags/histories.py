"""Figures and words of the reference class on its pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from riskboard.web.templatetags.board import day
from scoring.pastcases import Dated
from scoring.pastwords import DOMAINS, ENDINGS

register = template.Library()


@register.simple_tag
def dated(value: Dated) -> SafeString:
    """As precise as it can be trusted; what was written down is the tooltip where that is less."""
    shown = day(value.day, value.precision)
    if value.is_exact:
        return format_html('<time datetime="{}">{}</time>', value.day.isoformat(), shown)
    known = f"{value.day:%Y}" if value.precision == "year" else f"{value.day:%Y-%m}"
    note = f"Written down as {value.day}; the rest may be filler"
    return format_html('<time datetime="{}" title="{}">{}</time>', known, note, shown)


@register.filter
def whole(value: float | None) -> str:
    """ "0", "46": to the nearest; a half goes up."""
    return "unknown" if value is None else str(int(value + 0.5) if value >= 0 else -int(0.5 - value))


@register.filter
def decimals(value: float | None, digits: int = 1) -> str:
    return "unknown" if value is None else f"{value:.{digits}f}"


@register.filter
def hundredths(share: float | None) -> str:
    """A share as a whole number of per cent, without the sign."""
    return "unknown" if share is None else f"{100 * share:.0f}"


@register.filter
def ending_words(code: str) -> str:
    return ENDINGS[code]


@register.filter
def domain_words(code: str) -> str:
    return DOMAINS[code]
