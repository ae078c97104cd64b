"""Tokens that open the API: made and shown once, looked up by their first letters, compared as a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import constant_time_compare

from riskboard.audit.services import record
from riskboard.web.accounts.models import ApiScope, ApiToken

LONGEST = timedelta(days=365)
PREFIX_LENGTH = 11  # "rb_" and eight letters: nothing of the secret
NOTED_EVERY = timedelta(minutes=1)  # a write for every call would be dear


@dataclass(frozen=True, slots=True)
class NewToken:
    token: ApiToken
    text: str  # kept nowhere


def make_token(user: User, name: str, scopes: Iterable[ApiScope], lasts: timedelta, now: datetime) -> NewToken:
    """Raises ValueError for a token without a scope, or one that would last for more than a year."""
    chosen = sorted(scope.value for scope in set(scopes))
    if not chosen or not timedelta(0) < lasts <= LONGEST:
        raise ValueError("A token has a scope, and an end within a year.")
    prefix = f"rb_{secrets.token_hex(4)}"
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name,
            prefix=prefix,
            digest=_digest(text),
            scopes=chosen,
            created_at=now,
            expires_at=now + lasts,
        )
        _note(user, "token made", token, now)
    return NewToken(token, text)


def revoke(token: ApiToken, by: User, now: datetime) -> None:
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
            _note(by, "token revoked", token, now)


def token_behind(text: str, now: datetime) -> ApiToken | None:
    """None: there is no such token, or it is over, revoked, or of an account that is closed."""
    if not (text.isascii() and text.isprintable()):
        return None
    token = ApiToken.objects.standing(now).select_related("user").filter(prefix=text[:PREFIX_LENGTH]).first()
    return token if token is not None and constant_time_compare(token.digest, _digest(text)) else None


def note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _digest(text: str) -> str:
    """Unsalted: 256 bits of chance cannot be guessed from it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _note(by: User, action: str, token: ApiToken, now: datetime) -> None:
    said = {"prefix": token.prefix, "name": token.name, "scopes": token.scopes, "until": token.expires_at.isoformat()}
    record(actor=by, action=action, subject=f"account:{token.user_id}", at=now, after=said)
