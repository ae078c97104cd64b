"""Storing scores and timelines. The database says what is due; running any of this twice changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from riskboard.catalog.models import Line
from riskboard.catalog.queries import evidence_version
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.digest import input_digest
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.standing import in_force
from scoring.gather import gather, gather_all
from scoring.models import History, Score
from scoring.placing import place_lines
from scoring.rates import rates
from scoring.timelines import QUARTER, biggest_move, compute_timeline

Progress = Callable[[int, int, Line], None]


def refresh(*, as_of: date, now: datetime, progress: Progress | None = None) -> tuple[list[Score], int]:
    """Scores and timelines of all stale lines: (scores stored, timelines rebuilt)."""
    if _is_settled(as_of):
        return [], 0
    dossiers = gather_all()
    stored = rescore(as_of=as_of, now=now, dossiers=dossiers)
    rebuilt = rebuild_histories(as_of=as_of, now=now, progress=progress, dossiers=dossiers)
    place_lines()
    return stored, rebuilt


def _is_settled(as_of: date) -> bool:
    """Every timeline was already brought to this day from this evidence, and every score says the same."""
    kept = {"rubric_sha256": load_rubric(SHIPPED).sha256}
    timelines = History.objects.filter(**kept, evidence_version=evidence_version(), last_on=as_of)
    digests = dict(timelines.values_list("line", "input_digest"))
    scores = Score.objects.up_to(as_of).filter(**kept)
    return digests == dict(scores.values_list("line", "input_digest")) and len(digests) == Line.objects.count()


def rescore(
    *, as_of: date, now: datetime, line: Line | None = None, dossiers: Mapping[str, Dossier] | None = None
) -> list[Score]:
    """Stores a score of ``line``, or of every line, where one is due; returns those stored.

    Due: the evidence or the method changed, age moved the score or its state, or the last one is a week old. For a day
    before that of ``now`` one is stored whenever the same is not on record.
    """
    rubric = load_rubric(SHIPPED)
    if dossiers is None:
        dossiers = gather_all(rubric) if line is None else {line.slug: gather(line, rubric)}
    lines = Line.objects.order_by("slug") if line is None else [line]
    before = _latest_scores(as_of)
    stored = []
    for subject in lines:
        dossier = dossiers[subject.slug]
        score = build_score(subject, dossier, assess(dossier, rubric, as_of), rubric, now)
        score.follows = before.get(subject.pk)
        score.cause = _due(score.follows, score, rubric) or ""
        if score.cause and _store(score):
            stored.append(score)
    return stored


def _latest_scores(as_of: date) -> dict[int, Score]:
    scores = Score.objects.up_to(as_of).defer("items", "pledges")
    return {score.line_id: score for score in scores}


def _due(last: Score | None, score: Score, rubric: Rubric) -> Score.Cause | None:
    """Why the score should be stored; None when the last one still says it."""
    if last is None:
        return Score.Cause.REQUEST if score.is_reconstructed else Score.Cause.FIRST
    if last.rubric_sha256 != score.rubric_sha256:
        return Score.Cause.METHOD
    if last.input_digest != score.input_digest:
        return Score.Cause.EVIDENCE
    if score.is_reconstructed:
        return Score.Cause.REQUEST if last.as_of != score.as_of else None
    if abs(last.durability - score.durability) >= rubric.storage.points or last.state != score.state:
        return Score.Cause.AGING
    is_old = score.as_of - last.as_of >= timedelta(days=rubric.storage.heartbeat_days)
    return Score.Cause.HEARTBEAT if is_old else None


def _store(score: Score) -> bool:
    """False when another sweep was faster."""
    try:
        with transaction.atomic():
            score.save()
    except IntegrityError:
        return False
    return True


def build_score(line: Line, dossier: Dossier, assessment: Assessment, rubric: Rubric, now: datetime) -> Score:
    """A score that is not stored: what the line would get on the assessment's day."""
    return Score(
        line=line,
        recorded_at=now,
        rubric_sha256=rubric.sha256,
        input_digest=input_digest(dossier, assessment.as_of),
        license_category=license_category(dossier, assessment.as_of),
        **score_fields(assessment),
    )


def license_category(dossier: Dossier, as_of: date) -> str:
    """Of the line on that day; blank: unknown."""
    fact = in_force((fact for fact in dossier.facts if fact.name == "license"), as_of.toordinal())
    return fact.value if fact else ""


def score_fields(assessment: Assessment) -> dict[str, object]:
    """The fields of a score that the assessment decides."""
    year, two_years = assessment.forecast(12), assessment.forecast(24)
    return {
        "as_of": assessment.as_of,
        "rubric": assessment.rubric,
        "state": assessment.state.code,
        "state_since": assessment.state.since,
        "durability": assessment.durability,
        "low": assessment.low,
        "high": assessment.high,
        "raw": assessment.raw,
        "sd": assessment.sd,
        "grade": assessment.grade,
        "p12": year.total,
        "p12_low": year.low,
        "p12_high": year.high,
        "p24": two_years.total,
        "p24_low": two_years.low,
        "p24_high": two_years.high,
        "p24_withdrawn": two_years.withdrawn,
        "p24_restricted": two_years.restricted,
        "p24_closed_next": two_years.closed_next,
        "p24_held": two_years.held,
        "p24_next": two_years.next_version,
        "evidence": assessment.origins,
        "newest_on": assessment.newest,
        "insufficient": list(assessment.insufficient),
        "items": [asdict(item) for item in assessment.contributions],
        "pledges": [asdict(reading) for reading in assessment.pledges],
        "pressure": assessment.pressure,
        "examined": assessment.examined,
        "ranked": assessment.ranked,
    }


def rebuild_histories(
    *,
    as_of: date,
    now: datetime,
    progress: Progress | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
) -> int:
    """Timelines up to ``as_of`` of all lines whose evidence, method or day moved on; returns how many."""
    rubric, version = load_rubric(SHIPPED), evidence_version()
    dossiers = gather_all(rubric) if dossiers is None else dossiers
    digests = {slug: input_digest(dossier, as_of) for slug, dossier in dossiers.items()}
    unmoved = History.objects.filter(rubric_sha256=rubric.sha256, last_on=as_of).select_related("line")
    fresh = [
        row for row in unmoved.only("input_digest", "line__slug") if row.input_digest == digests.get(row.line.slug)
    ]
    History.objects.filter(pk__in=[row.pk for row in fresh]).exclude(evidence_version=version).update(
        evidence_version=version
    )
    stale = Line.objects.filter(slug__in=digests.keys() - {row.line.slug for row in fresh}).order_by("slug")
    for number, line in enumerate(stale, start=1):
        keys = {"evidence_version": version, "input_digest": digests[line.slug], "rubric_sha256": rubric.sha256}
        fields = _history_fields(dossiers[line.slug], rubric, as_of)
        History.objects.update_or_create(line=line, defaults={**keys, "computed_at": now, **fields})
        if progress:
            progress(number, len(stale), line)
    _keep_rates(dossiers, as_of)
    return len(stale)


def _keep_rates(dossiers: Mapping[str, Dossier], as_of: date) -> None:
    """Of every line: what one line does changes the record of its vendor, and with it the rate of the others."""
    found = rates(dossiers, as_of)
    lines = Line.objects.filter(slug__in=found).values_list("pk", "slug")
    History.objects.note("rate", {pk: asdict(found[slug]) for pk, slug in lines})


def _history_fields(dossier: Dossier, rubric: Rubric, as_of: date) -> dict[str, object]:
    timeline = compute_timeline(dossier, rubric, as_of)
    move = biggest_move(assess(dossier, rubric, as_of - QUARTER), assess(dossier, rubric, as_of))
    return {
        "first_on": timeline.first,
        "last_on": timeline.last,
        "durability": timeline.durability,
        "low": timeline.low,
        "high": timeline.high,
        "states": [[span.code, *map(_iso, (span.since, span.first, span.last))] for span in timeline.states],
        "spark": timeline.spark(),
        "delta90": timeline.change_over(QUARTER.days),
        "moved_by": asdict(move) if move else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
