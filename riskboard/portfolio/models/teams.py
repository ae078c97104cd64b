from django.conf import settings
from django.db import models
from django.db.models import Q


class Team(models.Model):
    """Who shares a portfolio. Nobody else on the board sees it, whatever their role."""

    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An account belongs to one team at most."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    is_owner = models.BooleanField(default=False, help_text="May let others in and out.")
    since_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} of {self.team}"


class Company(models.Model):
    """What decides whether a clause bites. ``None`` is unknown, never "no"."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="company")
    monthly_users = models.BigIntegerField("monthly active users", null=True, blank=True)
    daily_users = models.BigIntegerField("daily active users", null=True, blank=True)
    revenue = models.DecimalField("revenue of a year", max_digits=18, decimal_places=2, null=True, blank=True)
    funding = models.DecimalField("funding raised", max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="Of revenue and funding, such as USD.")
    seats = models.PositiveIntegerField(null=True, blank=True)
    countries = models.CharField(
        max_length=300, blank=True, help_text="Where it is run or used, as two-letter codes split by commas."
    )
    is_commercial = models.BooleanField("uses models commercially", null=True, blank=True)
    hosts_for_others = models.BooleanField("hosts models for others", null=True, blank=True)
    trains_on_outputs = models.BooleanField("trains on outputs", null=True, blank=True)
    redistributes = models.BooleanField("passes weights on", null=True, blank=True)
    person_day = models.DecimalField(
        "cost of a person-day",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In the currency above.",
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue__isnull=True, funding__isnull=True, person_day__isnull=True) | ~Q(currency=""),
                name="company_money_has_currency",
            ),
            models.CheckConstraint(
                condition=(Q(monthly_users__isnull=True) | Q(monthly_users__gte=0))
                & (Q(daily_users__isnull=True) | Q(daily_users__gte=0))
                & (Q(revenue__isnull=True) | Q(revenue__gte=0))
                & (Q(funding__isnull=True) | Q(funding__gte=0))
                & (Q(person_day__isnull=True) | Q(person_day__gte=0)),
                name="company_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Company of {self.team}"
