"""Which addresses may be fetched: by their text (forms ask too), and by what their host name resolves to."""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings

from riskboard.ingest.failures import Blocked, TooSlow, Unreachable

Resolver = Callable[[str, int], Sequence[str]]

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})+")
# Names that mean this machine or this network, whatever a resolver says.
LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Not for the public, though one Python version or another calls them global.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address whose text was found fit to fetch; what its name resolves to is not known yet."""

    scheme: str
    host: str  # ASCII, lower case, an IPv6 address without its brackets
    port: int
    path: str
    is_listed: bool  # its origin is one that the operator allowed by name

    @property
    def name(self) -> str:
        """The host as people write it, with its port if that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.name}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"


def validate_address(url: str) -> str:
    """The address as we would fetch it. Raises Blocked, whose text is a sentence for the person who typed it.

    Opens nothing and asks no name server: for forms. A fetch checks what the name resolves to as well.
    """
    return parse_address(url, allowed_origins()).url


def allowed_origins() -> frozenset[str]:
    return frozenset(normal_origin(origin) for origin in settings.ALLOWED_FETCH_ORIGINS)


def normal_origin(text: str) -> str:
    parts = _split(text)
    return Target(parts.scheme, _ascii_host(parts), _port(parts), "", is_listed=True).origin


def parse_address(url: str, allowed: Collection[str]) -> Target:
    """`allowed`: origins, as `normal_origin` gives them, to which neither port nor network matters."""
    parts = _split(url)
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    target = Target(parts.scheme, _ascii_host(parts), _port(parts), path, is_listed=False)
    if target.origin in allowed:
        return Target(target.scheme, target.host, target.port, path, is_listed=True)
    _refuse_private_text(target.host)
    if target.port not in PORTS.values():
        raise Blocked("Only ports 80 and 443 are fetched.")
    return target


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST:
        raise Blocked(f"The address is longer than {LONGEST} characters.")
    # urlsplit drops tabs and line breaks without a word, and a backslash ends the host for some readers only.
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        raise Blocked("The address holds a space, a line break, a control character or a backslash.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Blocked("That is not a web address.") from error
    if parts.scheme not in PORTS:
        raise Blocked("Only http and https addresses are fetched.")
    if "@" in parts.netloc:
        raise Blocked("The address holds a user name or a password.")
    return parts


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        raise Blocked("The address names no host.")
    if parts.netloc.startswith("["):
        return host
    try:
        # Also turns full-width digits and ideographic dots into what a resolver would read in them.
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise Blocked("The address names no host that can exist.") from error
    return host.removesuffix(".")


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise Blocked("The port is not a number between 1 and 65535.") from error
    return PORTS[parts.scheme] if port is None else port


def _refuse_private_text(host: str) -> None:
    literal = _literal(host)
    if literal is not None:
        if literal != host or not is_public(literal):
            raise Blocked("The address lies inside a private network.", "blocked_address")
    elif "." not in host or host.endswith(LOCAL_NAMES):
        raise Blocked("The address names a host of a private network.", "blocked_address")
    elif len(host) > 253 or not HOST_NAME.fullmatch(host):
        raise Blocked("The address names no host that can exist.")


def _literal(host: str) -> str | None:
    """The IP address that a resolver reads in a host name: 127.1, 0x7f000001 and 2130706433 are 127.0.0.1."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one that carries an IPv4 address is judged by that."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or _behind_nat64(ip)
        if carried is not None:
            return is_public(str(carried))
    if any(ip in network for network in NOT_PUBLIC):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_link_local)


def _behind_nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None


def system_resolver(host: str, port: int) -> list[str]:
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def pin(target: Target, resolve: Resolver, seconds: float) -> str:
    """The one IP address to connect to. The resolver is asked once; one private answer among others refuses all.

    Raises Blocked, Unreachable, TooSlow.
    """
    addresses = _resolve_within(resolve, target, seconds)
    if not addresses:
        raise Unreachable(f"{target.name} has no address.", "unknown_host")
    if not target.is_listed and not all(is_public(address) for address in addresses):
        raise Blocked(f"{target.name} lies inside a private network.", "blocked_address")
    return addresses[0]


def _resolve_within(resolve: Resolver, target: Target, seconds: float) -> Sequence[str]:
    # The system's resolver has no time limit of its own.
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True, name="resolver").start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise TooSlow(f"The name server did not answer for {target.name}.") from error
    if isinstance(answer, Exception):
        raise Unreachable(f"{target.name} could not be found.", "unknown_host") from answer
    return answer
