"""Storing scores and timelines. The database says what is due; running any of this twice changes nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from riskboard.catalog.models import Line
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.digest import input_digest
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.standing import in_force
from scoring.gather import gather, gather_all
from scoring.models import History, Score
from scoring.timelines import biggest_change, compute_timeline

Progress = Callable[[int, int, Line], None]


def refresh(*, as_of: date, now: datetime, progress: Progress | None = None) -> tuple[list[Score], int]:
    """Scores and timelines of all stale lines: (scores stored, timelines rebuilt)."""
    dossiers = gather_all()
    stored = rescore(as_of=as_of, now=now, dossiers=dossiers)
    return stored, rebuild_histories(as_of=as_of, now=now, progress=progress, dossiers=dossiers)


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
        dossier, last = dossiers[subject.slug], before.get(subject.pk)
        assessment, digest = assess(dossier, rubric, as_of), input_digest(dossier, as_of)
        cause = _due(last, assessment, digest, rubric, is_past=as_of < now.date())
        if cause and (score := _store(subject, dossier, assessment, rubric, digest, cause, last, now)):
            stored.append(score)
    return stored


def _latest_scores(as_of: date) -> dict[int, Score]:
    scores = Score.objects.up_to(as_of).defer("items", "pledges")
    return {score.line_id: score for score in scores}


def _due(
    last: Score | None, assessment: Assessment, digest: str, rubric: Rubric, *, is_past: bool
) -> Score.Cause | None:
    if last is None:
        return Score.Cause.REQUEST if is_past else Score.Cause.FIRST
    if last.rubric_sha256 != rubric.sha256:
        return Score.Cause.METHOD
    if last.input_digest != digest:
        return Score.Cause.EVIDENCE
    if is_past:
        return Score.Cause.REQUEST if last.as_of != assessment.as_of else None
    if abs(last.durability - assessment.durability) >= rubric.storage.points or last.state != assessment.state.code:
        return Score.Cause.AGING
    is_old = assessment.as_of - last.as_of >= timedelta(days=rubric.storage.heartbeat_days)
    return Score.Cause.HEARTBEAT if is_old else None


def _store(
    line: Line,
    dossier: Dossier,
    assessment: Assessment,
    rubric: Rubric,
    digest: str,
    cause: Score.Cause,
    follows: Score | None,
    now: datetime,
) -> Score | None:
    """None when another sweep was faster."""
    score = Score(
        line=line,
        recorded_at=now,
        follows=follows,
        cause=cause,
        rubric_sha256=rubric.sha256,
        input_digest=digest,
        license_category=license_category(dossier, assessment.as_of),
        **score_fields(assessment),
    )
    try:
        with transaction.atomic():
            score.save()
    except IntegrityError:
        return None
    return score


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
    }


def rebuild_histories(
    *,
    as_of: date,
    now: datetime,
    progress: Progress | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
) -> int:
    """Timelines up to ``as_of`` of all lines whose evidence, method or day moved on; returns how many."""
    rubric = load_rubric(SHIPPED)
    dossiers = gather_all(rubric) if dossiers is None else dossiers
    digests = {slug: input_digest(dossier, as_of) for slug, dossier in dossiers.items()}
    stale = _stale_lines(digests, rubric, as_of)
    for number, line in enumerate(stale, start=1):
        _rebuild(line, dossiers[line.slug], digests[line.slug], rubric, as_of, now)
        if progress:
            progress(number, len(stale), line)
    return len(stale)


def _stale_lines(digests: Mapping[str, str], rubric: Rubric, as_of: date) -> list[Line]:
    fresh = {
        slug
        for slug, digest in History.objects.filter(rubric_sha256=rubric.sha256, last_on=as_of).values_list(
            "line__slug", "input_digest"
        )
        if digests.get(slug) == digest
    }
    return [line for line in Line.objects.order_by("slug") if line.slug in digests.keys() - fresh]


def _rebuild(line: Line, dossier: Dossier, digest: str, rubric: Rubric, as_of: date, now: datetime) -> None:
    timeline = compute_timeline(dossier, rubric, as_of)
    move = biggest_change(dossier, rubric, as_of)
    History.objects.update_or_create(
        line=line,
        defaults={
            "input_digest": digest,
            "rubric_sha256": rubric.sha256,
            "computed_at": now,
            "first_on": timeline.first,
            "last_on": timeline.last,
            "durability": timeline.durability,
            "low": timeline.low,
            "high": timeline.high,
            "states": [_span(span.code, (span.since, span.first, span.last)) for span in timeline.states],
            "spark": timeline.spark(),
            "delta90": timeline.change_over(90),
            "moved_by": asdict(move) if move else None,
        },
    )


def _span(code: str, days: Iterable[date | None]) -> list[str | None]:
    return [code, *(day.isoformat() if day else None for day in days)]
