"""What is on record, or waits, that a row being entered may only repeat, and what makes it look so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model, Q

from riskboard.ingest.holding import OPEN
from riskboard.ingest.models import Proposal
from riskboard.ingest.reading.stories import WINDOW_DAYS, Report, canonical, gist, same_story, shared
from riskboard.ingest.recording import Texts
from riskboard.ingest.rows import SPECS, texts_of

DAYS = {"signals": "occurred_on", "releases": "released_on", "license_changes": "announced_on", "pledges": "made_on"}
WINDOW = timedelta(days=WINDOW_DAYS)
FORTNIGHT = timedelta(days=14)
MOST_COMPARED = 200
MUCH = 0.5  # of the shingles of two promises


@dataclass(frozen=True, slots=True)
class Alike:
    """``row``: of the table, or a proposal that waits. ``why`` completes "it ..."."""

    row: Model
    texts: Texts
    on: date | None
    why: str


def alike(table: str, texts: Texts, at_most: int = 5) -> list[Alike]:
    """The surest first. Two queries."""
    typed = _Typed(table, texts)
    found = [*_judged(typed, _recorded(typed)), *_judged(typed, _waiting(typed))]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])][:at_most]


class _Typed:
    """What is being entered, read once."""

    def __init__(self, table: str, texts: Texts) -> None:
        self.table, self.texts = table, texts
        self.on = _day(texts.get(DAYS[table], ""))
        self.page = canonical(texts.get("source_url", ""))
        self.report = _report(table, texts)


def _recorded(typed: _Typed) -> list[tuple[Model, Texts]]:
    spec = SPECS[typed.table]
    found = spec.rows().filter(_near(typed)).order_by(f"-{DAYS[typed.table]}", "-pk")
    return [(row, texts_of(row)) for row in found[:MOST_COMPARED]]


def _near(typed: _Typed) -> Q:
    texts, day = typed.texts, DAYS[typed.table]
    (key,) = SPECS[typed.table].key_columns
    near = Q(**{key.path: texts[key.name]}) if texts.get(key.name) else Q(pk__in=[])
    if typed.page:
        near |= Q(source__url__icontains=typed.page.partition("?")[0])
    if typed.table == "releases":
        named = {"name__iexact": texts.get("name"), "hf_repo__iexact": texts.get("hf_repo")}
        return near | Q(*(Q(**{lookup: text}) for lookup, text in named.items() if text), _connector=Q.OR)
    around = Q(**{f"{day}__range": _fortnights(typed.on)}) if typed.on else Q()
    if vendor := texts.get("vendor"):
        return near | (Q(vendor__slug=vendor) & around)
    return near | around if typed.on else near


def _waiting(typed: _Typed) -> list[tuple[Model, Texts]]:
    vendor, url = typed.texts.get("vendor"), typed.texts.get("source_url")
    about = Q(fields__vendor=vendor) if vendor else Q(pk__in=[])
    cites = Q(fields__source_url=url) if url else Q(pk__in=[])
    found = Proposal.objects.filter(about | cites, table=typed.table, state__in=OPEN).order_by("-pk")
    return [(proposal, proposal.fields) for proposal in found[:MOST_COMPARED]]


def _judged(typed: _Typed, rows: Sequence[tuple[Model, Texts]]) -> Iterator[tuple[int, Alike]]:
    for row, texts in rows:
        reasons = _reasons(typed, texts)
        if reasons:
            surest = min(reasons)
            yield surest, Alike(row, texts, _day(texts.get(DAYS[typed.table], "")), reasons[surest])


def _reasons(typed: _Typed, other: Texts) -> dict[int, str]:
    """By how sure they are, the surest least."""
    found = {}
    if typed.page and canonical(other.get("source_url", "")) == typed.page:
        found[2] = "cites the same page"
    if _is_same(typed, other, "slug", "id"):
        found[0] = "has the same key"
    if typed.table == "releases":
        if _is_same(typed, other, "name", "hf_repo"):
            found[1] = "has the same name or repository"
        return found
    if not _is_same(typed, other, "vendor"):
        return found
    if _tells_the_same(typed, other):
        found[1] = "seems to tell the same"
    apart = _apart(typed, other)
    if apart is not None and apart <= FORTNIGHT and _is_of_a_kind(typed, other):
        found[3] = f"is of the same kind, {apart.days} day{'' if apart.days == 1 else 's'} apart"
    return found


def _tells_the_same(typed: _Typed, other: Texts) -> bool:
    if not typed.report.title:
        return False
    report = _report(typed.table, other)
    if typed.table == "signals":
        return same_story(typed.report, report)
    return shared(gist(typed.report).shingles, gist(report).shingles) >= MUCH


def _is_of_a_kind(typed: _Typed, other: Texts) -> bool:
    columns = {
        "signals": ("kind",),
        "license_changes": ("from_license", "to_license"),
        "pledges": ("family", "channel"),
    }
    return all(typed.texts.get(name) and typed.texts[name] == other.get(name) for name in columns[typed.table])


def _is_same(typed: _Typed, other: Texts, *columns: str) -> bool:
    said = ((typed.texts.get(name, "").casefold(), other.get(name, "").casefold()) for name in columns)
    return any(one and one == another for one, another in said)


def _apart(typed: _Typed, other: Texts) -> timedelta | None:
    day = _day(other.get(DAYS[typed.table], ""))
    return abs(typed.on - day) if typed.on and day else None


def _fortnights(day: date) -> tuple[date, date]:
    """Around it, as far as the calendar goes."""
    return day - min(FORTNIGHT, day - date.min), day + min(FORTNIGHT, date.max - day)


def _report(table: str, texts: Texts) -> Report:
    said: Any = {name: texts.get(name, "") for name in ("vendor", "family", "kind", "direction")}
    title = texts.get("summary") or texts.get("asset") or texts.get("name", "")
    on = _day(texts.get(DAYS[table], ""))
    return Report("", title, texts.get("source_title", ""), texts.get("source_url", ""), on, **said)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
