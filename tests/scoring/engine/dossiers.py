"""Short ways to write engine rows, and random dossiers for properties."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from scoring.engine.facts import Breach, Direction, Dossier, Pledge, Release, Report, StateFact
from scoring.engine.rubric import SHIPPED, load_rubric

START = date(2024, 1, 1)
PROTOTYPE = load_rubric((Path(__file__).parent / "rubrics" / "durability-0.1.0.toml").read_bytes())
RUBRIC = load_rubric(SHIPPED)


def on(offset: int) -> date:
    """The day so many days after START."""
    return START + timedelta(days=offset)


def report(
    event: str,
    kind: str,
    day: int = 0,
    direction: Direction = "weakens",
    severity: int = 5,
    code: str = "A1",
    origin: str = "press",
    published: int | None = None,
    denies: bool = False,
) -> Report:
    return Report(
        id=f"signal:{event}-{origin}-{code}-{published or day}{'-denial' if denies else ''}",
        event=event,
        kind=kind,
        occurred=on(day),
        published=on(day if published is None else published),
        direction=direction,
        severity=severity,
        reliability=code[0],
        credibility=code[1],
        origin=origin,
        denies=denies,
    )


def fact(name: str, value: str, day: int = 0, **more: object) -> StateFact:
    row = StateFact(f"fact:{name}-{value}-{day}", name, value, on(day), on(day))
    return replace(row, **more)  # type: ignore[arg-type]


def release(name: str, announced: int, opened: int | None = None, **more: object) -> Release:
    """Open from day ``opened``; without it hosted only. Alone in its launch unless ``launch`` is given."""
    weights = None if opened is None else on(opened)
    row = Release(f"release:{name}", name, on(announced), weights, launch=name, closed=opened is None)
    return replace(row, **more)  # type: ignore[arg-type]


def pledge(name: str, made: int = 0, specificity: str = "specific", channel: str = "press", **more: object) -> Pledge:
    return replace(Pledge(f"pledge:{name}", on(made), specificity, channel), **more)  # type: ignore[arg-type]


KINDS = sorted(RUBRIC.kinds)
OFFSETS = st.integers(-100, 1100)
DAYS = OFFSETS.map(on)


@st.composite
def _report_rows(draw: st.DrawFn) -> tuple[Report, ...]:
    """Events with one to four reports; reports of one event agree on what happened."""
    rows: list[Report] = []
    for event in range(draw(st.integers(0, 8))):
        occurred = draw(st.integers(-200, 900))
        head = report(
            f"e{event}",
            draw(st.sampled_from(KINDS)),
            occurred,
            draw(st.sampled_from(["weakens", "strengthens", "neutral"])),
            draw(st.integers(1, 5)),
        )
        rows.extend(
            replace(
                head,
                id=f"signal:e{event}-{number}",
                published=on(occurred + draw(st.integers(-60, 90))),
                reliability=draw(st.sampled_from("ABCDEF")),
                credibility=draw(st.sampled_from("123456")),
                origin=f"o{draw(st.integers(0, 4))}",
                weight=draw(st.sampled_from([1.0, 1.0, 0.35])),
                denies=draw(st.sampled_from([False, False, False, True])),
                verified=draw(st.sampled_from([True, True, True, False])),
            )
            for number in range(draw(st.integers(1, 4)))
        )
    return tuple(rows)


@st.composite
def _fact_rows(draw: st.DrawFn) -> tuple[StateFact, ...]:
    rows = []
    for number in range(draw(st.integers(0, 7))):
        name = draw(st.sampled_from(sorted(RUBRIC.facts)))
        begins = draw(st.integers(-50, 900))
        ends = draw(st.none() | st.integers(begins + 1, begins + 600))
        flags = draw(st.sets(st.sampled_from(sorted(RUBRIC.facts["license"].flags)))) if name == "license" else set()
        row = fact(
            name,
            draw(st.sampled_from([*sorted(RUBRIC.facts[name].points), "unknown"])),
            begins,
            id=f"fact:{number}",
            known=on(begins + draw(st.integers(-30, 60))),
            valid_to=None if ends is None else on(ends),
            flags=frozenset(flags),
            verified=draw(st.sampled_from([True, True, False])),
        )
        rows.append(row)
    return tuple(rows)


@st.composite
def release_rows(draw: st.DrawFn) -> tuple[Release, ...]:
    rows = []
    for number in range(draw(st.integers(0, 9))):
        announced = draw(st.integers(-300, 1000))
        lag = draw(st.sampled_from([None, None, -20, 0, 0, 3, 40, 200]))
        gone = draw(st.sampled_from([None, None, None, 30, 400]))
        row = release(
            f"r{number}",
            announced,
            None if lag is None else announced + lag,
            launch=f"l{draw(st.integers(0, 5))}",
            flagship=draw(st.sampled_from([True, True, True, False])),
            size=draw(st.sampled_from([None, 7.0, 70.0, 400.0])),
            closed=draw(st.booleans()),
            withdrawn=None if gone is None else on(announced + gone),
            verified=draw(st.sampled_from([True, True, True, False])),
        )
        rows.append(row)
    return tuple(rows)


@st.composite
def _pledge_rows(draw: st.DrawFn) -> tuple[Pledge, ...]:
    rows = []
    for number in range(draw(st.integers(0, 3))):
        made = draw(st.integers(-50, 900))
        due, expires = (draw(st.none() | st.integers(made + 1, made + 500)) for _ in range(2))
        row = pledge(
            f"p{number}",
            made,
            draw(st.sampled_from(sorted(RUBRIC.pledges.specificity))),
            draw(st.sampled_from(sorted(RUBRIC.pledges.channel))),
            due=None if due is None else on(due),
            expires=None if expires is None else on(expires),
            verified=draw(st.sampled_from([True, True, False])),
        )
        rows.append(row)
    return tuple(rows)


@st.composite
def _breach_rows(draw: st.DrawFn) -> tuple[Breach, ...]:
    rows = []
    for number in range(draw(st.integers(0, 2))):
        day = draw(st.integers(-50, 1000))
        known = on(day + draw(st.integers(-10, 60)))
        rows.append(Breach(f"breach:{number}", on(day), known, draw(st.sampled_from([None, "pledge:p0", "pledge:p1"]))))
    return tuple(rows)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    return Dossier(
        subject="acme-language",
        reports=draw(_report_rows()),
        facts=draw(_fact_rows()),
        releases=draw(release_rows()),
        pledges=draw(_pledge_rows()),
        breaches=draw(_breach_rows()),
        tightenings=tuple(draw(st.lists(DAYS, max_size=2))),
    )


# A line with everything known, for tests in which one thing changes.
KNOWN_FACTS = (
    fact("license", "permissive"),
    fact("governance", "single_vendor"),
    fact("funding", "bigtech"),
    fact("business_model", "complement"),
)
STEADY_RELEASES = tuple(release(f"v{number}", 100 * number, 100 * number + 3 * (number % 3)) for number in range(7))
STEADY = Dossier("acme-language", facts=KNOWN_FACTS, releases=STEADY_RELEASES)
