from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from riskboard.web.accounts.models import ApiToken


@dataclass(frozen=True, slots=True)
class TokenRow:
    token: ApiToken
    now: datetime

    @property
    def state(self) -> str:
        if self.token.revoked_at is not None:
            return "revoked"
        return "stands" if self.token.expires_at > self.now else "over"

    @property
    def stands(self) -> bool:
        return self.state == "stands"


@dataclass(frozen=True, slots=True)
class TokensPage:
    rows: tuple[TokenRow, ...]


def tokens_page(user: User, now: datetime) -> TokensPage:
    return TokensPage(tuple(TokenRow(token, now) for token in ApiToken.objects.filter(user=user).order_by("-pk")))
