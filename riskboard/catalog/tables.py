"""The columns of every evidence table, declared once: for loading, for exports, and for the data dictionary."""

from riskboard.catalog import kinds
from riskboard.catalog.cells import address, day, decimal, one_of, one_of_texts, truth, whole, words
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import (
    Family,
    License,
    LicenseChange,
    Line,
    Pledge,
    Reach,
    Release,
    Signal,
    Threshold,
    Vendor,
    VendorFact,
)

VENDOR = Column("vendor", "vendor.slug", words(required=True), "who promises", refers_to="vendors")
FAMILY = Column(
    "family", "family.slug", words(), "one family of the vendor; blank: the vendor as a whole", refers_to="families"
)
SOURCE = (
    Column("source_url", "source.url", address(), "the page cited; blank: recalled and unverified"),
    Column(
        "source_title",
        "source.title",
        words(at_most=300),
        'title of the page cited; one that begins with "recalled" marks the row as unverified',
    ),
)
CONFIDENCE = Column("confidence", "confidence", one_of(kinds.Confidence), "ours, in the row as a whole")
PRECISION = Column(
    "date_precision", "date_precision", one_of(kinds.Precision), "how exactly the date is known; the rest is filler"
)
OPEN = "blank: unknown"

VENDORS = TableSpec(
    "vendors",
    "Who promises.",
    Vendor,
    (
        Column("slug", "slug", words(required=True), "key"),
        Column("name", "name", words(required=True), "display name"),
        Column("kind", "kind", one_of(kinds.VendorKind), "what sort of organization"),
        Column("country", "country", words(required=True), "ISO 3166-1 alpha-2 code of its seat"),
        Column("parent", "parent", words(), "who owns it"),
        Column("website", "website", address(), "home page"),
        Column("hf_org", "hf_org", words(), "organization on the Hugging Face hub"),
        Column("github_org", "github_org", words(), "organization on GitHub"),
        Column("ticker", "ticker", words(), "stock exchange symbols"),
        Column("founded_on", "founded_on", day(), OPEN),
    ),
    key=("slug",),
    unique=(("name",),),
)

LINES = TableSpec(
    "lines",
    "Vendor by modality: what a pledge is about and what closes. The subject of a score.",
    Line,
    (
        Column("slug", "slug", words(required=True), "key"),
        VENDOR,
        Column("name", "name", words(required=True), "display name: models (vendor, modality)"),
        Column("modality", "modality", one_of(kinds.LineModality), "what the models of the line do"),
        Column("known_as", "known_as", words(), "names under it, joined by semicolons"),
    ),
    key=("slug",),
    unique=(("name",), ("vendor", "modality")),
)

FAMILIES = TableSpec(
    "families",
    "The names under a line.",
    Family,
    (
        Column("slug", "slug", words(required=True), "key"),
        Column(
            "vendor", "line.vendor.slug", words(required=True), "must be the vendor of the line", refers_to="vendors"
        ),
        Column("line", "line.slug", words(required=True), "the line it belongs to", refers_to="lines"),
        Column("name", "name", words(required=True), "display name"),
        Column("modality", "modality", one_of(kinds.ModelModality), "what its models take and give"),
        Column("first_release_on", "first_release_on", day(), OPEN),
        Column("website", "website", address(), "home page"),
    ),
    key=("slug",),
    unique=(("name",),),
)

LICENSES = TableSpec(
    "licenses",
    "Terms as clauses. A blank clause is unknown, never no. Licenses are terms, not events: they carry no date.",
    License,
    (
        Column("key", "key", words(required=True), "key"),
        Column("name", "name", words(required=True), "display name"),
        Column("spdx_id", "spdx_id", words(), "SPDX license identifier, when it has one"),
        Column("category", "category", one_of(kinds.LicenseCategory), "how free, in seven steps"),
        Column("osi_approved", "osi_approved", truth(), "approved by the Open Source Initiative"),
        Column(
            "text_read",
            "text_read",
            truth("yes", "no", required=True),
            "was the license text itself read; if not, what it does not say is unknown",
        ),
        Column("commercial_use", "commercial_use", one_of(kinds.CommercialUse, required=False), "allowed at all"),
        Column("user_threshold", "threshold_summary", words(), "size thresholds in words; license_thresholds has them"),
        Column("territory_exclusions", "territory_exclusions", words(), "where the license grants nothing"),
        Column("use_restrictions", "use_restrictions", truth(), "forbids some uses; blank: unknown"),
        Column(
            "output_training_restriction",
            "output_training_restriction",
            truth(),
            "forbids training other models on outputs; blank: unknown",
        ),
        Column("naming_obligation", "naming_obligation", truth(), "the name must be shown or kept; blank: unknown"),
        Column(
            "terminable",
            "terminable",
            truth(),
            "the licensor can end the grant other than for a breach; blank: unknown or not stated",
        ),
        Column(
            "irrevocable",
            "irrevocable",
            truth(),
            "true: the text says so; false: it says revocable; blank: unknown or not stated",
        ),
        Column("termination", "termination", words(), "how the grant ends, in words"),
        *SOURCE,
    ),
    key=("key",),
)

LICENSE_THRESHOLDS = TableSpec(
    "license_thresholds",
    "Sizes from which a license asks for more. Derived by hand from user_threshold.",
    Threshold,
    (
        Column("license", "license.key", words(required=True), "whose clause it is", refers_to="licenses"),
        Column("metric", "metric", one_of(kinds.ThresholdMetric), "what is measured"),
        Column("amount", "amount", decimal(), "above this the consequence follows; blank: unknown, or any size"),
        Column("currency", "currency", words(), "ISO 4217 code, for money"),
        Column("period", "period", one_of_texts(("day", "month", "year"), required=False), "measured over"),
        Column("who", "who", words(), "only these; blank: everyone"),
        Column("consequence", "consequence", one_of(kinds.ThresholdConsequence), "what follows"),
    ),
    key=("license", "metric", "who", "consequence", "period"),
    owner="license",
)

RELEASES = TableSpec(
    "releases",
    "A model that was made available, openly or not.",
    Release,
    (
        Column("family", "family.slug", words(required=True), "the family it belongs to", refers_to="families"),
        Column("slug", "slug", words(required=True), "key"),
        Column("name", "name", words(required=True), "display name"),
        Column("hf_repo", "hf_repo", words(), "owner/name on the Hugging Face hub"),
        Column("modality", "modality", one_of(kinds.ModelModality), "what it takes and gives"),
        Column("params_total_b", "params_total_b", decimal(), "parameters, billions"),
        Column("params_active_b", "params_active_b", decimal(), "parameters active per token, billions"),
        Column("released_on", "released_on", day(required=True), "first available in any form"),
        PRECISION,
        Column(
            "access",
            "access",
            one_of(kinds.Access),
            "as last seen; restricted: downloadable, but non-commercial or with territories left out",
        ),
        Column("license_key", "license.key", words(), "license of the weights", refers_to="licenses"),
        Column("flagship", "flagship", truth(required=True), "the best its line had to show when it came out"),
        Column("api_first_on", "api_first_on", day(), "offered hosted before, since"),
        Column(
            "weights_on", "weights_on", day(), "weights downloadable since; blank: unknown, never that they are not"
        ),
        Column("withdrawn_on", "withdrawn_on", day(), "weights removed by the vendor"),
        Column("hosted_ended_on", "hosted_ended_on", day(), "hosted access ended; says nothing about the weights"),
        *SOURCE,
        CONFIDENCE,
    ),
    key=("slug",),
    unique=(("name",),),
)

LICENSE_CHANGES = TableSpec(
    "license_changes",
    "The terms of something became others.",
    LicenseChange,
    (
        Column("id", "key", words(required=True), "key"),
        VENDOR,
        FAMILY,
        Column("asset", "asset", words(required=True), "what the terms were about"),
        Column("from_license", "from_license.key", words(required=True), "terms before", refers_to="licenses"),
        Column(
            "to_license",
            "to_license.key",
            words(required=True),
            "terms after; the same as before when the change lies within one record",
            refers_to="licenses",
        ),
        Column("announced_on", "announced_on", day(required=True), "first public"),
        Column("effective_on", "effective_on", day(), "in force since; can lie before the announcement"),
        Column("direction", "direction", one_of(kinds.ChangeDirection), "for the licensee"),
        Column("applies_to", "applies_to", one_of(kinds.AppliesTo), "does it reach what was already published"),
        Column("scope", "scope", one_of(kinds.ChangeScope), "what sort of thing changed its terms"),
        *SOURCE,
        CONFIDENCE,
    ),
    key=("id",),
)

PLEDGES = TableSpec(
    "pledges",
    "What was promised, and what became of it.",
    Pledge,
    (
        Column("id", "key", words(required=True), "key"),
        VENDOR,
        FAMILY,
        Column("made_on", "made_on", day(), "said in public; blank: not visible in the source"),
        Column("made_by", "made_by", words(required=True), "by whom, by public role"),
        Column("channel", "channel", one_of(kinds.Channel), "where"),
        Column("summary", "summary", words(required=True), "what, in our words"),
        Column("specificity", "specificity", one_of(kinds.Specificity), "how much it can be held to"),
        Column("due_on", "due_on", day(), "promised by; blank: no date was given"),
        Column("status", "status", one_of(kinds.PledgeStatus), "as ruled last"),
        Column("status_on", "status_on", day(), "ruled for this day"),
        Column("status_reason", "status_reason", words(), "why, in our words"),
        Column("status_source_url", "status_source.url", address(), "the page that the ruling rests on"),
        *SOURCE,
        CONFIDENCE,
    ),
    key=("id",),
)

SIGNALS = TableSpec(
    "signals",
    "What happened that bears on a commitment.",
    Signal,
    (
        Column("id", "key", words(required=True), "key"),
        Column("event_id", "event_id", words(), "shared by rows that report one event; blank: an event of its own"),
        VENDOR,
        FAMILY,
        Column("kind", "kind", one_of(kinds.SignalKind), "what sort of event"),
        Column("occurred_on", "occurred_on", day(required=True), "when"),
        PRECISION,
        Column(
            "published_on",
            "stated_published_on",
            day(),
            "first public; blank: taken as the last day that the date's precision allows",
        ),
        Column("direction", "direction", one_of(kinds.Direction), "what it does to the commitment, as we read it"),
        Column("severity", "severity", whole(), "1 weak to 5 the commitment ends or begins"),
        Column("summary", "summary", words(required=True), "what, in our words"),
        *SOURCE,
        Column("publisher", "publisher", words(), "who reported it"),
        Column("source_reliability", "source_reliability", one_of(kinds.Reliability), "Admiralty code, A best"),
        Column("info_credibility", "info_credibility", one_of(kinds.Credibility), "Admiralty code, 1 best"),
        CONFIDENCE,
    ),
    key=("id",),
)

VENDOR_FACTS = TableSpec(
    "vendor_facts",
    "Dated states of a vendor, or of one family that differs from its vendor.",
    VendorFact,
    (
        VENDOR,
        FAMILY,
        Column("field", "field", one_of(kinds.FactField), "what about"),
        Column("value", "value", words(required=True), "the state; see Values of facts"),
        Column("valid_from", "valid_from", day(required=True), "first day it held"),
        Column("valid_to", "valid_to", day(), "first day it no longer held; blank: still does"),
        *SOURCE,
        CONFIDENCE,
    ),
    key=("vendor", "family", "field", "valid_from"),
)

REACH = TableSpec(
    "reach",
    "How far a family spread, as one publisher counted it. Counts of different publishers do not compare.",
    Reach,
    (
        VENDOR,
        FAMILY,
        Column("measured_on", "measured_on", day(required=True), "when it was counted"),
        Column("metric", "metric", one_of(kinds.Metric), "what was counted"),
        Column("value", "value", whole(), "the count"),
        *SOURCE,
        CONFIDENCE,
    ),
    key=("vendor", "family", "measured_on", "metric", "source_url", "source_title"),
)

# In the order of reference: a table names only keys of tables before it, or its own.
TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        VENDORS,
        LINES,
        FAMILIES,
        LICENSES,
        LICENSE_THRESHOLDS,
        RELEASES,
        LICENSE_CHANGES,
        PLEDGES,
        SIGNALS,
        VENDOR_FACTS,
        REACH,
    )
}
