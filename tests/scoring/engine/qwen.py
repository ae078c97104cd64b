"""Alibaba's Qwen from 2023 to 2026 as the prototype saw it: illustrative inputs, written for a comparison of numbers.

The grades and severities are one analyst's; none of these rows ships with the product.
"""

from datetime import date

from scoring.engine.facts import Direction, Dossier, Pledge, Release, Report, StateFact


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _news(
    event: str, kind: str, occurred: str, direction: Direction, severity: int, *reports: tuple[str, str, str]
) -> list[Report]:
    """Reports of one event: (origin, Admiralty code, day of publication)."""
    return [
        Report(
            f"{event}:{origin}",
            event,
            kind,
            _day(occurred),
            _day(published),
            direction,
            severity,
            code[0],
            code[1],
            origin,
        )
        for origin, code, published in reports
    ]


REPORTS = [
    *_news(
        "moe-fund", "infrastructure_investment", "2025-02-24", "strengthens", 4,
        ("alibaba-pr", "A1", "2025-02-24"), ("reuters", "B1", "2025-02-24"),
    ),
    *_news("deriv-90k", "reach_milestone", "2025-02-11", "strengthens", 3, ("crnasia", "B2", "2025-02-11")),
    *_news("android", "monetization_shift", "2025-09-24", "weakens", 2, ("reportify", "B2", "2025-09-24")),
    *_news("deriv-170k", "reach_milestone", "2026-03-03", "strengthens", 4, ("nyu", "B2", "2026-03-03")),
    *_news("hui", "leadership_departure", "2026-01-15", "weakens", 2, ("dbbs", "C2", "2026-01-15")),
    *_news(
        "lin", "leadership_departure", "2026-03-03", "weakens", 5,
        ("x-lin", "A1", "2026-03-03"), ("mint-bloomberg", "B1", "2026-03-04"), ("techcrunch", "B1", "2026-03-04"),
    ),
    *_news(
        "ath", "restructuring", "2026-03-16", "weakens", 5,
        ("wu-memo", "A1", "2026-03-16"), ("bloomberg", "B1", "2026-03-16"),
    ),
    *_news("100bn", "revenue_target", "2026-03-19", "weakens", 5, ("earnings-call", "A1", "2026-03-19")),
    *_news("profit67", "financial_stress", "2026-03-19", "weakens", 3, ("earnings-call", "A1", "2026-03-19")),
    *_news("techcom", "restructuring", "2026-04-08", "weakens", 3, ("wu-memo-2", "A1", "2026-04-08")),
    *_news("reaffirm", "public_pledge", "2026-04-09", "strengthens", 3, ("press", "B2", "2026-04-09")),
    *_news("maas", "monetization_shift", "2026-05-20", "weakens", 4, ("qwen-conf", "B2", "2026-05-20")),
]  # fmt: skip


def _fact(name: str, value: str, since: str, *flags: str) -> StateFact:
    return StateFact(f"{name}-{since}", name, value, _day(since), _day(since), flags=frozenset(flags))


FACTS = [
    _fact("license", "restricted_open_weights", "2023-08-03", "threshold", "terminable"),
    _fact("license", "permissive", "2024-06-06"),
    _fact("governance", "single_vendor", "2023-08-03"),
    _fact("funding", "public", "2023-08-03"),
    _fact("business_model", "complement", "2023-08-03"),
    _fact("business_model", "mixed", "2026-03-16"),
]


def flagship(name: str, announced: str, *, hosted: bool = False) -> Release:
    """A launch of its own, with its weights on the same day unless it is hosted only."""
    return Release(name, name, _day(announced), None if hosted else _day(announced), launch=name, closed=hosted)


OPEN = {
    "Qwen-7B": "2023-08-03", "Qwen-14B": "2023-09-25", "Qwen-72B": "2023-11-30", "Qwen1.5-72B": "2024-02-04",
    "Qwen1.5-110B": "2024-04-25", "Qwen2-72B": "2024-06-06", "Qwen2.5-72B": "2024-09-19",
    "QwQ-32B-Preview": "2024-11-28", "QwQ-32B": "2025-03-05", "Qwen3-235B": "2025-04-28",
    "Qwen3-Coder-480B": "2025-07-22", "Qwen3-Next-80B": "2025-09-11", "Qwen3.5-397B": "2026-02-16",
}  # fmt: skip
HOSTED = {
    "Qwen2.5-Max": "2025-01-28", "Qwen3-Max": "2025-09-24", "Qwen3.6-Plus": "2026-04-02",
    "Qwen3.6-Max-Preview": "2026-04-20", "Qwen3.7-Max": "2026-05-20",
}  # fmt: skip
SMALL = _day("2026-04-16")
RELEASES = [
    *(flagship(name, day) for name, day in OPEN.items()),
    *(flagship(name, day, hosted=True) for name, day in HOSTED.items()),
    Release("Qwen3.6-35B-A3B", "Qwen3.6-35B-A3B", SMALL, SMALL, launch="Qwen3.6-35B-A3B", flagship=False),
]

PLEDGES = [
    Pledge("open-since-2023", _day("2023-11-30"), "directional", "conference"),
    Pledge("reaffirmed-2026", _day("2026-04-09"), "directional", "press"),
]

QWEN = Dossier("alibaba-language", tuple(REPORTS), tuple(FACTS), tuple(RELEASES), tuple(PLEDGES))
