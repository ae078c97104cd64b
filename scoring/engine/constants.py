"""The sections of a rubric, typed: what each number is called and in which range it may lie (method section 5)."""

from dataclasses import dataclass, field

import numpy as np

from scoring.engine.schema import Count, Days, NotNegative, NotPositive, Points, Positive, Share


@dataclass(frozen=True, slots=True)
class Scale:
    anchor: Points
    anchor_probability: Share
    points_per_doubling: Positive
    base: Points
    lowest: Points
    highest: Points
    hazard_12_months: Share

    @property
    def anchor_hazard(self) -> float:
        return float(-np.log1p(-self.anchor_probability))

    @property
    def points_per_nat(self) -> float:
        return float(self.points_per_doubling / np.log(2.0))


@dataclass(frozen=True, slots=True)
class Dimension:
    label: str
    cap: Positive
    multiplier: NotNegative


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    dimension: str
    magnitude: NotNegative
    half_life: Positive
    plateau: Share


@dataclass(frozen=True, slots=True)
class Severity:
    steps: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Admiralty:
    correlation: Share
    further_origin: Share
    limit: Positive
    reliability: dict[str, Points]
    credibility: dict[str, Points]


@dataclass(frozen=True, slots=True)
class FactTable:
    label: str
    dimension: str
    spread: NotNegative
    points: dict[str, Points]
    flags: dict[str, Points] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlagshipShare:
    label: str
    spread: NotNegative
    window: Count
    half_life: Positive
    grace: Days
    grace_credit: Share
    prior_launches: Positive
    prior_share: Share
    slope: Positive
    lowest: NotPositive
    highest: NotNegative


@dataclass(frozen=True, slots=True)
class OpenLag:
    label: str
    spread: NotNegative
    prompt_days: Days
    prompt_points: NotNegative
    reference_days: Positive
    slope: Positive
    lowest: NotPositive


@dataclass(frozen=True, slots=True)
class Cadence:
    label: str
    spread: NotNegative
    least_releases: Count
    recent_releases: Count
    least_gap: Positive
    patience: Positive
    slope: Positive
    lowest: NotPositive


@dataclass(frozen=True, slots=True)
class Behavior:
    dimension: str
    flagship_share: FlagshipShare
    open_lag: OpenLag
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Pledges:
    label: str
    dimension: str
    points: NotNegative
    negative_share: Share
    record_half_life: Positive
    silence_half_life: Positive
    silence_days: Days
    gap_rate: NotNegative
    gap_limit: Share
    prior_kept: Positive
    prior_missed: Positive
    breach_weight: NotNegative
    miss_days: Days
    specificity: dict[str, Share]
    channel: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Interaction:
    label: str
    reach: str
    pressure: str
    points: NotPositive
    reach_half: Positive


@dataclass(frozen=True, slots=True)
class ModeMix:
    label: str
    share: Share
    slopes: dict[str, Points]


@dataclass(frozen=True, slots=True)
class Held:
    unknown: Share
    category: dict[str, Share]
    flags: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Interval:
    z: Positive
    base_spread: NotNegative
    item_share: NotNegative
    frailty_nats: NotNegative
    nodes: Count


@dataclass(frozen=True, slots=True)
class Sufficiency:
    facts: Days
    sources: Days
    days: Days
    half_width: Positive


@dataclass(frozen=True, slots=True)
class Band:
    below: Positive
    words: str


@dataclass(frozen=True, slots=True)
class StateLimits:
    closed_days: Days
    tightened_months: Count
    dormant_days: Count
    dormant_gaps: Positive
    recent_launches: Count


@dataclass(frozen=True, slots=True)
class StateRow:
    code: str
    label: str
    rule: str


@dataclass(frozen=True, slots=True)
class Inheritance:
    sibling: Share


@dataclass(frozen=True, slots=True)
class LicenseChange:
    hosted_only: Count
    category: Count
    limits: Count
    other: Count
    all_versions: Days
    highest: Count


@dataclass(frozen=True, slots=True)
class Storage:
    points: Positive
    heartbeat_days: Count


@dataclass(frozen=True, slots=True)
class Words:
    failure: str
    base: str
    bound: str
