"""What a reader may suppose of a line: rows as they would be recorded, marked so that no page takes them for facts."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.engine.facts import Direction, Dossier, Pledge, Release, Report, StateFact
from scoring.engine.grants import Grant, Limit, Terms
from scoring.engine.license_change import LicenseTerms, license_severity
from scoring.engine.rubric import Rubric
from scoring.engine.standing import fact_points, in_force
from scoring.engine.suppositions import Suppositions

MARK = "supposed"  # begins every reference and event of a row that nobody recorded
USUAL_SEVERITY = 3  # of five: the middle, and what most rows of these kinds have


@dataclass(frozen=True, slots=True)
class Supposed:
    """One thing supposed: a preset by its name, or a promise or a signal with all that describes it."""

    token: str  # as the address names it, unique within a scenario
    preset: str
    on: date
    specificity: str = ""
    channel: str = ""
    kind: str = ""
    direction: Direction = "neutral"
    severity: int = 0

    @property
    def reference(self) -> str:
        return f"{MARK}:{self.token}"


@dataclass(frozen=True, slots=True)
class Preset:
    label: str
    counts_as: str  # which rows it stands for, in words
    rows: Callable[[Supposed, Dossier, Rubric], Suppositions]


def suppositions(
    supposed: Iterable[Supposed], dossier: Dossier, rubric: Rubric, remove: Iterable[str] = ()
) -> Suppositions:
    """All of them together, without the events ``remove``."""
    total = Suppositions(remove=frozenset(remove))
    for each in supposed:
        total |= PRESETS[each.preset].rows(each, dossier, rubric)
    return total


def is_supposed(references: Iterable[str]) -> bool:
    return any(reference.startswith(f"{MARK}:") for reference in references)


# Signals and facts ----------------------------------------------------------------------------------


def _report(supposed: Supposed, kind: str, direction: Direction, severity: int, label: str) -> Report:
    """As sure as a report can be: the question is what follows if it is true."""
    return Report(
        id=supposed.reference,
        event=supposed.reference,
        kind=kind,
        occurred=supposed.on,
        published=supposed.on,
        direction=direction,
        severity=severity,
        reliability="A",
        credibility="1",
        origin=MARK,
        label=label,
    )


def _fact(supposed: Supposed, name: str, value: str, label: str, flags: Iterable[str] = ()) -> StateFact:
    reference, since = supposed.reference, supposed.on
    return StateFact(reference, name, value, since, since, flags=frozenset(flags), label=label)


def _event(kind: str, direction: Direction = "weakens", severity: int = USUAL_SEVERITY) -> Callable[..., Suppositions]:
    def rows(supposed: Supposed, _dossier: Dossier, _rubric: Rubric) -> Suppositions:
        return Suppositions(reports=(_report(supposed, kind, direction, severity, PRESETS[supposed.preset].label),))

    return rows


def _listing(supposed: Supposed, _dossier: Dossier, _rubric: Rubric) -> Suppositions:
    return Suppositions(
        reports=(_report(supposed, "ipo", "weakens", USUAL_SEVERITY, "Stock market listing"),),
        facts=(_fact(supposed, "funding", "public", "Who pays: public"),),
    )


def _foundation(supposed: Supposed, _dossier: Dossier, _rubric: Rubric) -> Suppositions:
    return Suppositions(
        reports=(_report(supposed, "governance_change", "strengthens", USUAL_SEVERITY, "Moves to a foundation"),),
        facts=(_fact(supposed, "governance", "foundation", "Governance: foundation"),),
    )


def _signal(supposed: Supposed, _dossier: Dossier, rubric: Rubric) -> Suppositions:
    label = rubric.kinds[supposed.kind].label
    return Suppositions(reports=(_report(supposed, supposed.kind, supposed.direction, supposed.severity, label),))


def _pledge(supposed: Supposed, _dossier: Dossier, _rubric: Rubric) -> Suppositions:
    label = f"a {supposed.specificity} promise to stay open"
    return Suppositions(
        pledges=(Pledge(supposed.reference, supposed.on, supposed.specificity, supposed.channel, label=label),)
    )


# The next flagship ----------------------------------------------------------------------------------


APACHE = Terms("apache-2.0", "yes", (), frozenset(), uses=False, training=False, gated=False)
THRESHOLD = Limit("monthly_active_users", who="", currency="", period="month", amount=None)
CUSTOM = Terms(MARK, "conditional", (THRESHOLD,), frozenset(), uses=None, training=None, gated=False)


def _hosted(supposed: Supposed, _dossier: Dossier, _rubric: Rubric) -> Suppositions:
    return Suppositions(releases=(_flagship(supposed, None),))


def _permissive(supposed: Supposed, dossier: Dossier, rubric: Rubric) -> Suppositions:
    terms = _fact(supposed, "license", "permissive", "Apache-2.0", ["irrevocable"])
    return _under(supposed, terms, APACHE, dossier, rubric)


def _custom(supposed: Supposed, dossier: Dossier, rubric: Rubric) -> Suppositions:
    label = "a license of its own with a threshold"
    terms = _fact(supposed, "license", "restricted_open_weights", label, ["threshold"])
    return _under(supposed, terms, CUSTOM, dossier, rubric)


def _flagship(supposed: Supposed, terms: Terms | None) -> Release:
    """Hosted only without terms."""
    return Release(
        id=supposed.reference,
        name="Next flagship, supposed",
        announced=supposed.on,
        weights=supposed.on if terms else None,
        launch=supposed.reference,
        closed=terms is None,
        grants=(Grant(supposed.on, terms),) if terms else (),
    )


def _under(supposed: Supposed, terms: StateFact, clauses: Terms, dossier: Dossier, rubric: Rubric) -> Suppositions:
    """An open flagship under those terms, and the change of license where they differ from those in force."""
    licenses = (fact for fact in dossier.facts if fact.name == "license")
    former = in_force(licenses, supposed.on.toordinal())
    step = _step(former, terms, rubric)
    rows = Suppositions(facts=(terms,), releases=(_flagship(supposed, clauses),))
    if former is None or step == 0:
        return rows
    severity = license_severity(_terms(former), _terms(terms), False, rubric)
    label = f"{former.label} to {terms.label}"
    if step > 0:
        return rows | Suppositions(reports=(_report(supposed, "license_loosening", "strengthens", severity, label),))
    tightened = _report(supposed, "license_tightening", "weakens", severity, label)
    return rows | Suppositions(reports=(tightened,), tightenings=(supposed.on,))


def _step(former: StateFact | None, terms: StateFact, rubric: Rubric) -> float:
    """By how many points the terms differ in the rubric's table; 0 where the former are unknown."""
    table = rubric.facts["license"]
    difference = fact_points(terms, table) - fact_points(former, table)
    return 0.0 if math.isnan(difference) else difference


def _terms(fact: StateFact) -> LicenseTerms:
    return LicenseTerms(fact.value, False, "threshold" in fact.flags, "territory" in fact.flags, None)


PRESETS: Mapping[str, Preset] = {
    "apache_next": Preset(
        "Apache-2.0 for the next flagship",
        "an open flagship, its license, and the change of license where it is one",
        _permissive,
    ),
    "hosted_next": Preset("Next flagship hosted only", "a flagship without weights", _hosted),
    "custom_next": Preset(
        "Next flagship under a custom license with a threshold",
        "an open flagship, its license, and the change of license where it is one",
        _custom,
    ),
    "ipo": Preset("IPO", "a stock market listing of severity 3, and that shareholders pay", _listing),
    "acquisition": Preset(
        "Acquisition", "an acquisition of severity 4 that weakens", _event("acquisition", severity=4)
    ),
    "lead_leaves": Preset(
        "Lead researcher leaves", "a leadership departure of severity 3", _event("leadership_departure")
    ),
    "revenue_target": Preset("Revenue target", "a revenue target of severity 3", _event("revenue_target")),
    "foundation": Preset(
        "Moves to a foundation", "a governance change of severity 3, and governance by a foundation", _foundation
    ),
    "pledge": Preset("New promise to stay open", "a promise; only the strongest of a line counts", _pledge),
    "signal": Preset("Another signal", "a signal of that kind, direction and severity", _signal),
}
