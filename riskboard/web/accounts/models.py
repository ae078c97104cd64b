from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SignInAttempt(models.Model):
    """A guess at a password or code that was not right, or is being judged. Counted by account and by address.

    Names and addresses are kept as keyed hashes only: people type passwords into the wrong field.
    """

    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # how many of late
            models.Index(fields=["digest", "at"], name="attempt_of_late"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.at:%Y-%m-%d %H:%M:%S}"


class SecondFactor(models.Model):
    """An authenticator app (TOTP). Until its first code was right, signing in does not ask for it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    sealed_secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text="Of the last code that was accepted: no code counts twice.")

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(models.Model):
    """Stands in once for the app. Kept as a hash."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"Recovery code {self.pk}"


class ApiScope(models.TextChoices):
    """What a token opens."""

    READ = "read", "read: what everybody may read, also where strangers may not"
    PORTFOLIO = "portfolio", "portfolio: the portfolio of your team"
    ALERTS = "alerts", "alerts: your alerts"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def standing(self, now: datetime) -> Self:
        """Neither over nor revoked, and of an account that may sign in."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)


class ApiToken(models.Model):
    """Opens the API to a program. Kept as a hash: whoever reads this table cannot use it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What it is for.")
    prefix = models.CharField(max_length=16, unique=True, help_text="Its first letters, to tell tokens apart.")
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"


class ApiCalls(models.Model):
    """How often a token or an address asked within one window. Kept by a keyed hash, and not for long."""

    digest = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "API calls"
        constraints = [models.UniqueConstraint(fields=["digest", "began_at"], name="api_calls_once_a_window")]

    def __str__(self) -> str:
        return f"{self.calls} since {self.began_at:%Y-%m-%d %H:%M:%S}"
