"""Ten wrong guesses at an account or fifty from an address within a quarter of an hour, and no more are judged.

It does not matter whether there is such an account, and a right guess is not told from a wrong one meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from riskboard.web.accounts.models import SignInAttempt

WINDOW = timedelta(minutes=15)
OF_ACCOUNT, OF_ADDRESS = 10, 50


class TooManyAttemptsError(Exception):
    """Nothing was judged."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A guess that may be judged. It counts as wrong unless told otherwise, so that guesses at once count too."""

    of_account: SignInAttempt
    of_address: SignInAttempt

    def was_right(self) -> None:
        """The account starts afresh; its address does not, or who has an account could guess on."""
        SignInAttempt.objects.filter(digest=self.of_account.digest).delete()
        self.of_address.delete()

    def take_back(self) -> None:
        """Neither right nor wrong."""
        SignInAttempt.objects.filter(pk__in=[self.of_account.pk, self.of_address.pk]).delete()


def admit(name: str, address: str, now: datetime) -> Attempt:
    """Raises TooManyAttemptsError."""
    with transaction.atomic():
        SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()
        of_account = SignInAttempt.objects.create(digest=_digest("account", name.casefold()), at=now)
        of_address = SignInAttempt.objects.create(digest=_digest("address", address), at=now)
    attempt = Attempt(of_account, of_address)
    # Counted once both are committed: of guesses at once, the last to count sees all that were admitted.
    if _count(of_account) > OF_ACCOUNT or _count(of_address) > OF_ADDRESS:
        attempt.take_back()
        raise TooManyAttemptsError
    return attempt


def _digest(kind: str, text: str) -> str:
    return salted_hmac("riskboard.sign-in", f"{kind}:{text}", algorithm="sha256").hexdigest()


def _count(attempt: SignInAttempt) -> int:
    return SignInAttempt.objects.filter(digest=attempt.digest).count()
