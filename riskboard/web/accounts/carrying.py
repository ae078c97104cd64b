"""What a form sent when its session or its token was gone, carried through signing in, so that nothing typed is lost.

Why this opens no door to forms of other sites:

- Nothing is ever sent on by itself. Whoever typed it sees what would be sent and where, and presses a button; that
  form has a fresh token, and the view asks for the role as always.
- Only what our own pages sent is carried. Every browser of today says with a form from where it comes (Origin), so a
  form of another site cannot claim to be ours; one that hides it ("null", or nothing at all) is not believed either.
  Without this, another site could fill our page with its own words and wait for a tired click. The token cannot
  stand in for it: this is for forms whose token is stale, and where reading takes an account the question comes up
  before Django has looked at the token.
- It goes only to addresses of ours that ask for a role, and holds no password, code or token.
- It lies in the page, escaped, never in a session: strangers could fill the database otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from riskboard.web.accounts.addresses import local_path

MOST_FIELDS = 100
MOST_CHARACTERS = 200_000
LONGEST_ADDRESS = 2000
TARGET, FIELD = "carried_to", "carried:"
SECRET = {"csrfmiddlewaretoken", "code"}
OURS = {"version", "sent_as"}  # how forms keep apart what was sent when
SENDING = {"POST"}  # what a form can repeat


@dataclass(frozen=True, slots=True)
class Carried:
    """``to``: the address with its query. ``pairs``: names and values, as they were sent."""

    to: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What this request wanted to send; None: it cannot be carried."""
        if request.method not in SENDING or not came_from_us(request) or request.FILES:
            return None
        return cls._fit(request.get_full_path(), _pairs(request.POST))

    @classmethod
    def read(cls, sent: MultiValueDict[str, str]) -> Self | None:
        """What a page of ours carries in its hidden fields."""
        carried = [(name.removeprefix(FIELD), text) for name, text in _pairs(sent) if name.startswith(FIELD)]
        return cls._fit(sent.get(TARGET, ""), carried)

    @classmethod
    def _fit(cls, to: str, pairs: Iterable[tuple[str, str]]) -> Self | None:
        kept = tuple((name, text) for name, text in pairs if not _is_secret(name))
        length = len(to) + sum(len(name) + len(text) for name, text in kept)
        is_fit = 0 < len(kept) <= MOST_FIELDS and length <= MOST_CHARACTERS and len(to) <= LONGEST_ADDRESS
        if not is_fit or not _takes_a_role(to):
            return None
        return cls(to, kept)

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """As fields of another form, under names that are none of its own."""
        return ((TARGET, self.to), *((f"{FIELD}{name}", text) for name, text in self.pairs))

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """For a person to read: what says something to one."""
        said = ((name, text) for name, text in self.pairs if text.strip() and name not in OURS)
        return tuple((name.replace("_", " ").capitalize(), text) for name, text in said)


def came_from_us(request: HttpRequest) -> bool:
    """Is it proven that a page of this site sent it?"""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        said = urlsplit(sender)
    except ValueError:
        return False
    origin = f"{said.scheme}://{said.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def _pairs(sent: Mapping[str, str]) -> list[tuple[str, str]]:
    assert isinstance(sent, MultiValueDict)
    return [(name, text) for name, texts in sent.lists() for text in texts]


def _is_secret(name: str) -> bool:
    return name in SECRET or "password" in name or name.startswith(FIELD) or name == TARGET


def _takes_a_role(to: str) -> bool:
    path = urlsplit(to).path if local_path(to) == to else ""
    try:
        return hasattr(resolve(path).func, "required_role")
    except Resolver404:
        return False
