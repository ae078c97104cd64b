"""How the reference of the API is written down."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """What stands between backticks, as code."""
    parts = (
        f"<code>{escape(part)}</code>" if place % 2 else escape(part) for place, part in enumerate(text.split("`"))
    )
    return mark_safe("".join(parts))  # noqa: S308 -- every part is escaped
