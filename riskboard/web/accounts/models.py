from django.conf import settings
from django.db import models


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
