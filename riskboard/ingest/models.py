from django.conf import settings
from django.db import models
from django.db.models import Q

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, Source, Vendor
from riskboard.catalog.models.sources import WEB_ONLY
from riskboard.ingest.evidence_releases.models import EvidenceRelease, ReleaseDifference  # noqa: F401 -- Django looks here
from riskboard.ingest.imports.models import Import, ImportedRow  # noqa: F401 -- Django looks here


class Feed(models.Model):
    """One place we look: which connector reads it, how often, how far it got, and how it is doing."""

    slug = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    connector = models.CharField(max_length=30)  # a key of riskboard.ingest.sources.SOURCES
    address = models.CharField(max_length=500, blank=True, help_text="Feed address, organization, query or CIK.")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    options = models.JSONField(default=dict, blank=True)
    every_minutes = models.PositiveIntegerField(default=60)
    is_enabled = models.BooleanField(default=True)
    reliability = models.CharField(max_length=1, choices=kinds.reliability_choices, default=kinds.Reliability.C)
    note = models.CharField(max_length=300, blank=True, help_text="What its owner's terms and robots file allow.")
    expected_per_month = models.PositiveIntegerField(null=True, blank=True)

    cursor = models.JSONField(default=dict, blank=True)  # validators, positions: whatever the connector needs next time
    next_run_at = models.DateTimeField(null=True, blank=True)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_new_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """Politeness towards one host, kept so that it survives a restart."""

    name = models.CharField(max_length=255, unique=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="The host asked us to stay away until then.")
    next_at = models.DateTimeField(null=True, blank=True, help_text="Our own minimum interval.")
    lease = models.CharField(max_length=32, blank=True, help_text="Who has the one request in flight.")
    leased_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True, help_text="Circuit breaker.")

    def __str__(self) -> str:
        return self.name


class Snapshot(models.Model):
    """What a host answered, as evidence: hash, headers, time, and the body."""

    url = models.CharField(max_length=1000)
    fetched_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, db_index=True)
    body = models.BinaryField()
    cleaned = models.TextField(blank=True, help_text="License texts: the text that comparisons use.")

    def __str__(self) -> str:
        return f"{self.url} {self.sha256[:12]}"


class Run(models.Model):
    """One look at a feed."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)  # new, nothing_new, not_modified, failed, not_due, no_token
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # a feed's log, newest first
            models.Index(fields=["feed", "-started_at"], name="run_feed_newest"),
            # how much a feed brings
            models.Index(fields=["feed", "started_at"], name="run_feed_brought", condition=Q(new__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.started_at:%Y-%m-%d %H:%M} {self.outcome}"


class Story(models.Model):
    """Copies and reports of one happening. Merging moves items here; splitting moves them back."""

    title = models.CharField(max_length=500)
    first_published_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """One thing seen in a feed, cleaned; never shown as fact."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items")
    identity = models.CharField(max_length=300)
    url = models.CharField(max_length=1000, blank=True)  # canonical
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    publisher = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)
    published_on = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=5, choices=kinds.precision_choices, default=kinds.Precision.DAY)
    seen_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    earlier = models.JSONField(default=list, blank=True)  # what earlier revisions said
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    label = models.JSONField(default=dict, blank=True)  # as it was classified: vendor, kind, words ...; {}: it was not
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "identity"], name="item_once_per_feed")]

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """Evidence proposed but not yet believed. What is accepted becomes a catalog row; the proposal stays as record."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SECOND = "second", "waiting for a second person"
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"
        MERGED = "merged"

    class Deed(models.TextChoices):
        CORRECT = "correct", "correction"
        WITHDRAW = "withdraw", "withdrawal"
        RULE = "rule", "ruling"
        RESTORE = "restore", "return of what was withdrawn"

    key = models.CharField(max_length=200, unique=True)  # idempotency: one proposal per cause
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    table = models.CharField(max_length=30)  # signals, releases, license_changes, pledges, reach
    fields = models.JSONField(default=dict)  # column -> text, as in the table's CSV
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.JSONField(default=list)  # which words or observations decided
    snapshots = models.JSONField(default=list, blank=True)  # sha256 of what it rests on; of a text: before, after
    confidence = models.FloatField(null=True, blank=True)
    is_machine_verified = models.BooleanField(default=False)
    effect = models.FloatField(null=True, blank=True, help_text="Largest change of a line's score if accepted.")
    measured = models.JSONField(
        default=dict, blank=True
    )  # the change of each line's score, and of what it is a measure
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=200, blank=True)  # reference of the row it became, "signal:<key>"
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)  # the second of two concurrent savers is told
    deed = models.CharField(max_length=10, choices=Deed.choices, blank=True)  # to a row on record; blank: a new row
    corrects = models.CharField(max_length=200, blank=True)  # reference of that row
    corrects_version = models.CharField(max_length=60, blank=True)  # of the row, as the deed was asked for
    former = models.JSONField(default=dict, blank=True)  # what the row said then

    class Meta:
        indexes = [
            # the inbox: waiting, most consequential first
            models.Index(fields=["-effect", "id"], name="proposal_inbox", condition=Q(state__in=["waiting", "second"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "second"], decided_at__isnull=True)
                | Q(state__in=["accepted", "dismissed", "merged"], decided_at__isnull=False)
                | Q(state="second", decided_at__isnull=False),
                name="proposal_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(deed="", corrects="") | (~Q(deed="") & ~Q(corrects="")),
                name="proposal_deed_names_a_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} proposal {self.pk} ({self.state})"


class HostedOffer(models.Model):
    """One host that offers, or offered, the weights of a hub repository, as one place lists it. Never deleted."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="offers")
    repository = models.CharField(max_length=200, help_text="On the hub, in lower case.")
    listing = models.CharField(max_length=200, help_text="What the place calls the model.")
    host = models.CharField(max_length=80)
    status = models.CharField(max_length=20, blank=True, help_text="As the place says it.")
    since_at = models.DateTimeField(help_text="First seen.")
    seen_at = models.DateTimeField(help_text="Last seen.")
    ends_on = models.DateField(null=True, blank=True, help_text="Announced end.")
    ended_on = models.DateField(null=True, blank=True, help_text="First day on which it was not offered any more.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "listing", "host"], name="offer_once")]
        indexes = [
            # who hosts a release
            models.Index(fields=["repository"], name="offer_repository"),
        ]

    def __str__(self) -> str:
        return f"{self.listing} at {self.host}"


class HostedPrice(models.Model):
    """What an offer costs per token from a moment on, until the next one. A blank price is unknown, never nothing."""

    offer = models.ForeignKey(HostedOffer, on_delete=models.CASCADE, related_name="prices")
    since_at = models.DateTimeField()
    prompt = models.DecimalField(max_digits=30, decimal_places=18, null=True, blank=True)
    completion = models.DecimalField(max_digits=30, decimal_places=18, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "since_at"], name="price_once_a_moment")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.since_at:%Y-%m-%d} {self.prompt} {self.completion}"


class Contest(models.Model):
    """Somebody disputes a fact. While it is open, the fact stands with a mark, and the score with and without it."""

    subject = models.CharField(max_length=200, help_text="Evidence reference, such as signal:<key>.")
    reason = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True, validators=[WEB_ONLY])
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(closed_at=None), name="contest_one_open_a_subject"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="contest_closed_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class Check(models.Model):
    """Whether a cited page still says what was cited, as far as a machine can tell."""

    class Status(models.TextChoices):
        UNKNOWN = "unknown", "no answer yet"
        OK = "ok", "as it was"
        DEAD = "dead", "gone"
        MOVED = "moved", "moved"
        CHANGED = "changed", "changed"

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="check_up")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNKNOWN)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last asked for.")
    last_verified_at = models.DateTimeField(null=True, blank=True, help_text="When it was last found as it was.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of what the page says it is; of a text, all of it.")
    found_sha256 = models.CharField(max_length=64, blank=True, help_text="What it says now, where that differs.")
    moved_to = models.CharField(max_length=1000, blank=True)
    missing = models.JSONField(default=list, blank=True)  # looks that did not find it
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # the queue of what needs a person
            models.Index(fields=["status", "checked_at"], name="check_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.status}"
