from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from riskboard.catalog.models import Line
from scoring import predictions, services
from scoring.models import Score
from scoring.timelines import EARLIEST

STEPS = 10  # lines between two words on progress


class Command(BaseCommand):
    help = "Score every line whose evidence, method or age makes it stale, and bring the timelines up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="a past day: counts only what was public by then")
        parser.add_argument("--line", metavar="SLUG", help="one line, such as alibaba-language")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        now = timezone.now()
        as_of = day_of(options["as_of"], now)
        line = _line(options["line"])
        if as_of < now.date() or line:
            self._score(as_of, now, line)
        else:
            self._refresh(as_of, now)
            self._keep_record(as_of, now)

    def _score(self, as_of: date, now: datetime, line: Line | None) -> None:
        stored = services.rescore(as_of=as_of, now=now, line=line)
        scores = Score.objects.up_to(as_of).filter(**({"line": line} if line else {}))
        for score in scores.select_related("line").order_by("line__slug"):
            self._print(score)
        self.stdout.write(f"{len(stored)} stored.")

    def _refresh(self, as_of: date, now: datetime) -> None:
        stored, rebuilt = services.refresh(as_of=as_of, now=now, progress=self._progress)
        if not stored and not rebuilt:
            self.stdout.write("Nothing changed: every score and timeline is up to date.")
            return
        self.stdout.write(f"{len(stored)} scores stored, {rebuilt} timelines brought up to {as_of}.")

    def _keep_record(self, as_of: date, now: datetime) -> None:
        made, resolved = predictions.keep_record(as_of=as_of, now=now)
        if made:
            self.stdout.write(f"Forecasts recorded for {made[0].round}: {len(made)}.")
        if resolved:
            self.stdout.write(f"Outcomes of forecasts recorded: {len(resolved)}.")

    def _progress(self, number: int, of: int, _line: Line) -> None:
        if number % STEPS == 0 or number == of:
            self.stdout.write(f"Timelines: {number} of {of}")
            self.stdout.flush()

    def _print(self, score: Score) -> None:
        note = ", reconstructed" if score.is_reconstructed else ""
        lacks = f", insufficient evidence ({' '.join(score.insufficient)})" if score.insufficient else ""
        self.stdout.write(
            f"{score.line.slug} on {score.as_of}: {score.state}, durability {score.durability:.1f} "
            f"[{score.low:.0f}-{score.high:.0f}], {100 * score.p12:.0f} % in 12 months{lacks}{note}"
        )


def day_of(text: str | None, now: datetime) -> date:
    if text is None:
        return now.date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a day: write YYYY-MM-DD, such as 2026-03-20.", returncode=2) from None
    if day > now.date():
        raise CommandError(f"{day} lies in the future: nothing is public on it yet.", returncode=2)
    if day < EARLIEST:
        raise CommandError(f"{day} is too early: the record begins on {EARLIEST}.", returncode=2)
    return day


def _line(slug: str | None) -> Line | None:
    if slug is None:
        return None
    line = Line.objects.filter(slug=slug).first()
    if line is None:
        raise CommandError(f"There is no line {slug!r}: the board and lines.csv list their names.", returncode=2)
    return line
