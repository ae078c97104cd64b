"""From where a request comes, and where it may be sent."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

ONE_SUBSCRIBER = 64  # bits of an IPv6 address: who has one has all that begin like it


def client_address(request: HttpRequest) -> str:
    """The nearest address on the way that is not one of our proxies. What others claim about themselves is ignored."""
    address = None
    for text in _hops(request):
        try:
            address = ip_address(text)
        except ValueError:
            break
        if not any(address in network for network in settings.TRUSTED_PROXIES):
            break
    return _counted(address) if address else ""


def _hops(request: HttpRequest) -> Iterator[str]:
    """Nearest first. The peer's own address is the only one that nobody can claim."""
    yield request.META.get("REMOTE_ADDR", "")
    yield from (text.strip() for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")))


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, ONE_SUBSCRIBER), strict=False))


def local_path(asked: str) -> str:
    """``asked`` when it is a path of this site, else the board."""
    is_local = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_local else reverse("board")
