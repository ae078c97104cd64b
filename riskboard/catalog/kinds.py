"""Every closed vocabulary of the catalog. Fields take the ``*_choices`` callables, so a new kind needs no migration."""

from django.db.models import TextChoices

Choices = list[tuple[str, str]]


class VendorKind(TextChoices):
    COMPANY = "company"
    STARTUP = "startup"
    NONPROFIT = "nonprofit"
    FOUNDATION = "foundation"
    ACADEMIC = "academic"
    GOVERNMENT = "government"


class LineModality(TextChoices):
    LANGUAGE = "language"
    CODE = "code"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VISION = "vision"
    SCIENCE = "science"
    TOOLING = "tooling"


class ModelModality(TextChoices):
    TEXT = "text"
    VISION = "vision"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    MULTIMODAL = "multimodal"
    CODE = "code"
    EMBEDDING = "embedding"


class Precision(TextChoices):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Access(TextChoices):
    OPEN_WEIGHTS = "open_weights", "open weights"
    GATED = "gated", "gated"
    API_ONLY = "api_only", "API only"
    RESTRICTED = "restricted", "restricted"
    WITHDRAWN = "withdrawn", "withdrawn"


class Confidence(TextChoices):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LicenseCategory(TextChoices):
    PERMISSIVE = "permissive", "permissive"
    WEAK_COPYLEFT = "weak_copyleft", "weak copyleft"
    COPYLEFT = "copyleft", "copyleft"
    SOURCE_AVAILABLE = "source_available", "source available"
    RESTRICTED_OPEN_WEIGHTS = "restricted_open_weights", "restricted open weights"
    NONCOMMERCIAL = "noncommercial", "non-commercial"
    PROPRIETARY = "proprietary", "proprietary"


class CommercialUse(TextChoices):
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


class ThresholdMetric(TextChoices):
    MONTHLY_ACTIVE_USERS = "monthly_active_users", "monthly active users"
    DAILY_ACTIVE_USERS = "daily_active_users", "daily active users"
    REVENUE = "revenue", "revenue"
    FUNDING = "funding", "funding raised"
    DEVICES = "devices", "devices"
    VISITS = "visits", "service visits"
    IMAGES = "images", "images generated"
    ANY_COMMERCIAL_USE = "any_commercial_use", "any commercial use"


class Period(TextChoices):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class ThresholdConsequence(TextChoices):
    LICENSE_NEEDED = "license_needed", "a separate license is needed"
    PAYMENT = "payment", "a fee or royalty is due"
    REGISTRATION = "registration", "registration is needed"
    DISPLAY = "display", "the model's name must be displayed"
    REVIEW = "review", "a review by the vendor must be passed"
    RIGHTS_END = "rights_end", "the rights end"


class ChangeDirection(TextChoices):
    TIGHTENING = "tightening"
    LOOSENING = "loosening"


class AppliesTo(TextChoices):
    NEW_VERSIONS = "new_versions", "new versions"
    ALL_VERSIONS = "all_versions", "all versions"


class ChangeScope(TextChoices):
    WEIGHTS = "weights", "weights"
    CODE = "code", "code"
    POLICY = "policy", "use policy"
    HOSTED_ONLY = "hosted_only", "hosted only"


class Channel(TextChoices):
    PRESS = "press"
    INTERVIEW = "interview"
    BLOG = "blog"
    SOCIAL = "social", "social media"
    EARNINGS_CALL = "earnings_call", "earnings call"
    LICENSE_TEXT = "license_text", "license text"
    CONFERENCE = "conference"
    CONTRACT = "contract"
    LETTER = "letter"


class Specificity(TextChoices):
    VAGUE = "vague"
    DIRECTIONAL = "directional"
    SPECIFIC = "specific"
    BINDING = "binding"


class PledgeStatus(TextChoices):
    OPEN = "open", "open"
    KEPT = "kept", "kept"
    PARTLY_KEPT = "partly_kept", "partly kept"
    AT_RISK = "at_risk", "at risk"
    BROKEN = "broken", "broken"
    SUPERSEDED = "superseded", "superseded"


class Direction(TextChoices):
    WEAKENS = "weakens"
    STRENGTHENS = "strengthens"
    NEUTRAL = "neutral"


class SignalKind(TextChoices):
    RESTRUCTURING = "restructuring", "restructuring"
    LEADERSHIP_DEPARTURE = "leadership_departure", "leadership departure"
    LAYOFFS = "layoffs", "layoffs"
    REVENUE_TARGET = "revenue_target", "revenue target"
    MONETIZATION_SHIFT = "monetization_shift", "monetization shift"
    LICENSE_TIGHTENING = "license_tightening", "license tightening"
    LICENSE_LOOSENING = "license_loosening", "license loosening"
    CLOSED_FLAGSHIP = "closed_flagship", "closed flagship"
    OPEN_RELEASE = "open_release", "open release"
    RELEASE_DELAY = "release_delay", "release delay"
    WITHDRAWAL = "withdrawal", "withdrawal"
    GATING = "gating", "gating"
    PRICE_INCREASE = "price_increase", "price increase"
    PRICE_CUT = "price_cut", "price cut"
    API_DEPRECATION = "api_deprecation", "API deprecation"
    FUNDING = "funding", "funding round"
    FINANCIAL_STRESS = "financial_stress", "financial stress"
    IPO = "ipo", "stock market listing"
    ACQUISITION = "acquisition", "acquisition"
    REGULATION = "regulation", "regulation"
    LITIGATION = "litigation", "litigation"
    EXPORT_CONTROL = "export_control", "export control"
    SECURITY_INCIDENT = "security_incident", "security incident"
    COMMUNITY_SENTIMENT = "community_sentiment", "community sentiment"
    GOVERNANCE_CHANGE = "governance_change", "governance change"
    REACH_MILESTONE = "reach_milestone", "reach milestone"
    PUBLIC_PLEDGE = "public_pledge", "public pledge"
    PLEDGE_REVERSAL = "pledge_reversal", "pledge reversal"
    INFRASTRUCTURE_INVESTMENT = "infrastructure_investment", "infrastructure investment"
    COMPETITOR_MOVE = "competitor_move", "competitor move"


class Reliability(TextChoices):
    """Admiralty source reliability."""

    A = "A", "A: completely reliable"
    B = "B", "B: usually reliable"
    C = "C", "C: fairly reliable"
    D = "D", "D: not usually reliable"
    E = "E", "E: unreliable"
    F = "F", "F: cannot be judged"


class Credibility(TextChoices):
    """Admiralty information credibility."""

    CONFIRMED = "1", "1: confirmed by other sources"
    PROBABLY_TRUE = "2", "2: probably true"
    POSSIBLY_TRUE = "3", "3: possibly true"
    DOUBTFUL = "4", "4: doubtful"
    IMPROBABLE = "5", "5: improbable"
    CANNOT_BE_JUDGED = "6", "6: cannot be judged"


class FactField(TextChoices):
    GOVERNANCE = "governance", "governance"
    CLA = "cla", "contributor agreement"
    FUNDING = "funding", "funding"
    BUSINESS_MODEL = "business_model", "business model"


class Metric(TextChoices):
    DOWNLOADS_TOTAL = "downloads_total", "downloads, total"
    DOWNLOADS_MONTH = "downloads_month", "downloads, 30 days"
    DERIVATIVES = "derivatives", "derivative models"
    LIKES = "likes", "likes"
    GITHUB_STARS = "github_stars", "GitHub stars"


FACT_VALUES: dict[str, tuple[str, ...]] = {
    FactField.GOVERNANCE: ("single_vendor", "foundation", "community", "academic", "government"),
    FactField.CLA: ("yes", "no", "unknown"),
    FactField.FUNDING: ("vc", "public", "bigtech", "bootstrapped", "nonprofit", "government"),
    FactField.BUSINESS_MODEL: ("complement", "api_revenue", "mixed", "none"),
}


def vendor_kind_choices() -> Choices:
    return VendorKind.choices


def line_modality_choices() -> Choices:
    return LineModality.choices


def model_modality_choices() -> Choices:
    return ModelModality.choices


def precision_choices() -> Choices:
    return Precision.choices


def access_choices() -> Choices:
    return Access.choices


def confidence_choices() -> Choices:
    return Confidence.choices


def license_category_choices() -> Choices:
    return LicenseCategory.choices


def commercial_use_choices() -> Choices:
    return CommercialUse.choices


def threshold_metric_choices() -> Choices:
    return ThresholdMetric.choices


def period_choices() -> Choices:
    return Period.choices


def threshold_consequence_choices() -> Choices:
    return ThresholdConsequence.choices


def change_direction_choices() -> Choices:
    return ChangeDirection.choices


def applies_to_choices() -> Choices:
    return AppliesTo.choices


def change_scope_choices() -> Choices:
    return ChangeScope.choices


def channel_choices() -> Choices:
    return Channel.choices


def specificity_choices() -> Choices:
    return Specificity.choices


def pledge_status_choices() -> Choices:
    return PledgeStatus.choices


def direction_choices() -> Choices:
    return Direction.choices


def signal_kind_choices() -> Choices:
    return SignalKind.choices


def reliability_choices() -> Choices:
    return Reliability.choices


def credibility_choices() -> Choices:
    return Credibility.choices


def fact_field_choices() -> Choices:
    return FactField.choices


def metric_choices() -> Choices:
    return Metric.choices
