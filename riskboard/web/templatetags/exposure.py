"""Person-days and money as roughly as they are known."""

from django import template

register = template.Library()


def rough(value: float) -> int:
    """Two digits that say something."""
    size = int(f"1{'0' * max(0, len(str(int(value))) - 2)}")
    return round(value / size) * size


@register.filter
def days(value: float | None) -> str:
    """ "about 40 person-days", "under one person-day", "none"."""
    if value is None:
        return "unknown"
    if value < 0.005:
        return "none"
    if value < 1:
        return "under one person-day"
    number = rough(value)
    return f"about {number:,} person-day{'s' if number != 1 else ''}"


@register.filter
def span(low: float, high: float) -> str:
    """ "under 1 to 40"."""
    return f"{_end(low)} to {_end(high)}"


def _end(value: float) -> str:
    return "under 1" if value < 1 else f"{rough(value):,}"


@register.filter
def cost(value: float, money: tuple[float, str]) -> str:
    """Of that many person-days: "about EUR 24,000"."""
    price, currency = money
    amount = value * price
    return f"under {currency} 1" if amount < 1 else f"about {currency} {rough(amount):,}"


@register.simple_tag
def cost_span(low: float, high: float, money: tuple[float, str]) -> str:
    """ "EUR 7,200 to 54,000"."""
    price, currency = money
    return f"{currency} {_end(low * price)} to {_end(high * price)}"


@register.filter
def share(value: float) -> str:
    """Of a whole, in percent: never of a likelihood."""
    part = 100 * value
    return "under 1 %" if 0 < part < 1 else f"{part:.0f} %"
