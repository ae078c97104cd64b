"""How numbers, dates and addresses are written, once for all pages."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from django import template

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.filter
def day(value: date | None, precision: str = "day") -> str:
    """ "16 Mar 2026", "Mar 2026" or "2026", as precise as is known."""
    if value is None:
        return "date unknown"
    if precision == "year":
        return str(value.year)
    month = f"{MONTHS[value.month - 1]} {value.year}"
    return month if precision == "month" else f"{value.day} {month}"


@register.filter
def signed(value: float | None, digits: int = 0) -> str:
    """ "−7", "+4", "0": a real minus sign, never "−0"."""
    if value is None:
        return "unknown"
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return ("−" if value < 0 else "+") + text


@register.filter
def decimal(value: float | None, digits: int = 3) -> str:
    """ ".785", "−.002", "1.07": a figure of how well forecasts did, without the zero before its point."""
    if value is None:
        return "–"
    text = f"{abs(value):.{digits}f}"
    return ("−" if value < 0 and float(text) else "") + text.removeprefix("0")


@register.filter
def difference(value: float, digits: int = 3) -> str:
    """``decimal`` with its sign."""
    return decimal(value, digits) if value < 0 else f"+{decimal(value, digits)}"


@register.filter
def trend(value: float | None, digits: int = 0) -> str:
    """The class that goes with ``signed`` of the same digits: what is shown as 0 went neither up nor down."""
    if value is None or float(f"{value:.{digits}f}") == 0:
        return "flat"
    return "up" if value > 0 else "down"


@register.filter
def percent(probability: float | None) -> str:
    if probability is None:
        return "unknown"
    if probability < 0.01:
        return "under 1 %"
    if probability > 0.99:
        return "over 99 %"
    return f"{probability * 100:.0f} %"


@register.filter
def dollars(price: object) -> str:
    """ "$0.40", "$0.0375", "free", "unknown": whole cents, or three digits of what is less than ten cents."""
    if not isinstance(price, Decimal):
        return "unknown"
    if price == 0:
        return "free"
    places = 2 if price >= Decimal("0.1") else max(2, 2 - price.adjusted())
    text = f"{price:.{places}f}"
    whole, _, cents = text.partition(".")
    return f"${whole}.{cents.rstrip('0').ljust(2, '0')}"


@register.filter
def host(url: str) -> str:
    return urlsplit(url).hostname or ""


@register.filter
def web_address(url: str) -> str:
    """The address when a browser may follow it, else nothing: ``javascript:`` never becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""


@register.filter
def words(value: str) -> str:
    """A vocabulary value as people read it: ``restricted_open_weights`` -> "restricted open weights"."""
    return value.replace("_", " ")


@register.filter
def axis(value: float | None, width: float = 100) -> str:
    """A durability of 0 to 100 as an x coordinate on an axis ``width`` wide."""
    return f"{(value or 0) * width / 100:.1f}"
