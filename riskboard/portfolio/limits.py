"""Is a company above a limit, and among those whom it is for? None: unknown. Every answer comes with its reason."""

from collections.abc import Callable
from decimal import Decimal

from riskboard.catalog import kinds
from riskboard.catalog.models import Threshold
from riskboard.portfolio.models import Company

Found = tuple[bool | None, str]
A_YEAR = {"year": 1, "month": 12, "day": 366}
GROUP = ", by group revenue"
HOSTS = {"operators of models as a service", "providers of hosted services"}
# Hosting makes one of these; not hosting does not take one out, as they are more.
HOSTS_AND_OTHERS = {"model-as-a-service and ai work assistant businesses", "software and cloud providers"}
DISTRIBUTORS = {"commercial distributors to third parties"}


def concerned(who: str, company: Company) -> Found:
    """Is the company among ``who``? A blank is everyone."""
    meant = who.lower().removesuffix(GROUP)
    if not meant:
        return True, ""
    if meant in HOSTS | HOSTS_AND_OTHERS:
        if company.hosts_for_others is None:
            return None, f"it is for {who}, and whether you host models for others is not given"
        if company.hosts_for_others:
            return True, ""
        if meant in HOSTS:
            return False, f"It is for {who}, and you do not host models for others."
    if meant in DISTRIBUTORS and company.redistributes is not None:
        if not company.redistributes:
            return False, f"It is for {who}, and you do not pass weights on."
        if company.is_commercial:
            return True, ""
    return None, f"it is for {who}, and whether you are one is not given"


def above(row: Threshold, company: Company) -> Found:
    metric = kinds.ThresholdMetric(row.metric)
    if metric is kinds.ThresholdMetric.ANY_COMMERCIAL_USE:
        if company.is_commercial is None:
            return None, "whether you use models commercially is not given"
        return company.is_commercial, f"Your use is {'' if company.is_commercial else 'not '}commercial."
    if row.amount is None:
        return None, "the amount of the limit is not on record"
    if metric not in MEASURES:
        return None, f"your number of {metric.label} is not part of the profile"
    return MEASURES[metric](row, row.amount, company)


def _users(name: str, words: str, period: kinds.Period) -> Callable[[Threshold, Decimal, Company], Found]:
    def compared(row: Threshold, amount: Decimal, company: Company) -> Found:
        number: int | None = getattr(company, name)
        if number is None:
            return None, f"your {words} are not given"
        if row.period not in {"", period}:
            return None, f"the limit is by {row.period}"
        return _compared(Decimal(number), amount, f"Your {number:,} {words} are")

    return compared


def _compared(number: Decimal, amount: Decimal, subject: str, unit: str = "") -> Found:
    if number == amount:
        return None, f"{subject[:1].lower()}{subject[1:]} exactly at the limit"
    side = "above" if number > amount else "below"
    return number > amount, f"{subject} {side} {unit}{_figure(amount)}."


def _figure(amount: Decimal) -> str:
    return f"{amount.normalize():,f}"


def _money(name: str, row: Threshold, company: Company) -> tuple[Decimal | None, str]:
    """What is given in the currency of the limit, or why it cannot be compared."""
    number: Decimal | None = getattr(company, name)
    if number is None:
        return None, f"your {name} is not given"
    if not row.currency or not company.currency:
        return None, f"the currency of {'the limit' if not row.currency else f'your {name}'} is not given"
    if row.currency != company.currency:
        return None, f"the limit is in {row.currency} and your {name} in {company.currency}"
    return Decimal(number), ""


def _funding(row: Threshold, amount: Decimal, company: Company) -> Found:
    number, why = _money("funding", row, company)
    if number is None:
        return None, why
    if row.period:
        return None, f"the limit is by {row.period}, and your funding is all that was raised"
    return _compared(number, amount, f"Your funding of {row.currency} {_figure(number)} is")


def _revenue(row: Threshold, amount: Decimal, company: Company) -> Found:
    """A year's revenue below a limit by the month keeps every month below; above twelve times it, some month is not."""
    number, why = _money("revenue", row, company)
    if number is None:
        return None, why
    subject = f"Your revenue of {row.currency} {_figure(number)} a year is"
    times = A_YEAR.get(row.period)
    if times is None:
        return None, "the period of the limit is not on record"
    if number > amount * times:
        return True, f"{subject} above {_figure(amount)} a {row.period}."
    if number >= amount:
        at = "exactly at the limit" if times == 1 else f"not enough to tell: the limit is by the {row.period}"
        return None, f"{subject[:1].lower()}{subject[1:]} {at}"
    if row.who.lower().endswith(GROUP):
        return None, "the limit counts the revenue of a whole group, and whether yours is that is not given"
    return False, f"{subject} below {_figure(amount)} a {row.period}."


MEASURES: dict[str, Callable[[Threshold, Decimal, Company], Found]] = {
    kinds.ThresholdMetric.MONTHLY_ACTIVE_USERS: _users("monthly_users", "monthly users", kinds.Period.MONTH),
    kinds.ThresholdMetric.DAILY_ACTIVE_USERS: _users("daily_users", "daily users", kinds.Period.DAY),
    kinds.ThresholdMetric.REVENUE: _revenue,
    kinds.ThresholdMetric.FUNDING: _funding,
}
