"""Codes of an authenticator app (TOTP, RFC 6238), and the codes that stand in for it when it is lost."""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from pyotp.utils import strings_equal

from riskboard.audit.services import record as note
from riskboard.web.accounts.models import RecoveryCode, SecondFactor

STEP = 30  # seconds that a code lasts
DRIFT = 1  # steps by which clocks may differ
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
CODE_LENGTH = 16


class AlreadyOnError(Exception):
    """It has to be removed before another one is set up."""


def is_on(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def begin(user: User) -> str:
    """A new secret, to be shown this once. It takes the place of one that was never confirmed."""
    secret = pyotp.random_base32()
    with transaction.atomic():
        if is_on(user):
            raise AlreadyOnError
        SecondFactor.objects.filter(user=user).delete()
        SecondFactor.objects.create(user=user, sealed_secret=_seal().encrypt(secret.encode()).decode())
    return secret


def address_of(user: User, secret: str) -> str:
    """What authenticator apps read: an otpauth address."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name="RiskBoard")


def confirm(user: User, code: str, now: datetime) -> list[str]:
    """Turns it on with a first code: the recovery codes, to be shown this once; none when the code was wrong."""
    with transaction.atomic():
        factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
        if factor is None or not _is_code(factor, code, now):
            return []
        factor.confirmed_at = now
        factor.save(update_fields=["confirmed_at"])
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
        RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(code)) for code in codes])
        note(actor=user, action="second factor on", subject=f"account:{user.pk}", at=now)
    return codes


def accepts(user: User, code: str, now: datetime) -> bool:
    """Each code of the app and each recovery code counts once."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return factor is not None and (_is_code(factor, code, now) or _is_recovery_code(factor, code, now))


def remove(user: User, now: datetime) -> None:
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        note(actor=user, action="second factor off", subject=f"account:{user.pk}", at=now)


def _is_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    try:
        app = pyotp.TOTP(_seal().decrypt(factor.sealed_secret.encode()).decode())
    except InvalidToken:  # sealed with another SECRET_KEY: recovery codes are gone with it, an admin removes it
        return False
    step, given = int(now.timestamp()) // STEP, "".join(code.split())
    fitting = [near for near in range(step - DRIFT, step + DRIFT + 1) if strings_equal(app.generate_otp(near), given)]
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=max(fitting, default=0))
    return bool(unused.update(last_step=max(fitting, default=0)))


def _is_recovery_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    given = _digest("".join(code.replace("-", "").split()).lower())
    return bool(RecoveryCode.objects.filter(factor=factor, digest=given, used_at=None).update(used_at=now))


def _seal() -> Fernet:
    """A copy of the database alone opens nothing."""
    return Fernet(urlsafe_b64encode(salted_hmac("riskboard.second-factor", "seal", algorithm="sha256").digest()))


def _digest(code: str) -> str:
    return salted_hmac("riskboard.recovery-code", code, algorithm="sha256").hexdigest()
