import json
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from riskboard.ingest.reading import model as trained

ORIGINS = {"evidence": "evidence", "written": "written", "decision": "decided by analysts"}
HEAD = (
    f"{'':24}{'rows':>6}{'relevance P':>13}{'R':>7}{'F1':>7}{'vendor':>8}"
    f"{'kind F1':>9}{'kind':>7}{'direction':>11}{'severity +-1':>14}"
)


class Command(BaseCommand):
    requires_system_checks = []
    help = "Train the classifier's model again from the labeled rows, and report how well it does (needs scikit-learn)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--decisions", type=Path, help="CSV of analysts' decisions, columns as in headlines.csv.")
        parser.add_argument("--decided", action="store_true", help="Learn also from what was decided on this board.")
        parser.add_argument("--output", type=Path, default=trained.FILE, help="Where to write the coefficients.")
        parser.add_argument("--report-only", action="store_true", help="Cross-validate; write nothing.")

    def handle(self, *_arguments: object, **options: object) -> None:
        # scikit-learn is there in development only.
        from riskboard.ingest.training import evaluating, fitting, rows

        decisions = options["decisions"]
        listed = rows.training_rows(decisions if isinstance(decisions, Path) else None)
        if options["decided"]:
            from riskboard.ingest.training.decided import decided_rows

            listed = [*listed, *decided_rows()]
        examples = evaluating.examples_of(listed)
        counts = Counter(one.row.origin for one in examples)
        told = ", ".join(f"{counts[origin]} {name}" for origin, name in ORIGINS.items() if counts[origin])
        self.stdout.write(f"{len(examples)} rows: {told}.")
        self.stdout.write(HEAD)
        for way, guesses in evaluating.cross_validate(examples).items():
            for origin, of_origin in evaluating.by_origin(guesses):
                self._tell(f"{way}, {origin}", evaluating.figures(of_origin))
        fitted = fitting.fit(examples)
        for name, path in (("held out", rows.HOLDOUT), ("blind", rows.BLIND)):
            unseen = evaluating.examples_of(rows.labeled_rows(path))
            self._tell(f"both, {name}", evaluating.figures(evaluating.judge(unseen, fitted)))
        for use in ("tuned", "held out"):
            found = evaluating.story_f1(rows.told_stories(fitted, use))
            self.stdout.write("stories, {}: precision {:.3f}, recall {:.3f}, F1 {:.3f} over pairs".format(use, *found))
        if not options["report_only"]:
            self._write(Path(str(options["output"])), fitted)

    def _tell(self, name: str, found: object) -> None:
        from riskboard.ingest.training.evaluating import Figures

        assert isinstance(found, Figures)
        self.stdout.write(
            f"{name:24}{found.rows:6}{found.precision:13.3f}{found.recall:7.3f}{found.relevance_f1:7.3f}"
            f"{found.vendor:8.3f}{found.kind_macro_f1:9.3f}{found.kind:7.3f}{found.direction:11.3f}"
            f"{found.severity_within_one:14.3f}"
        )

    def _write(self, path: Path, fitted: trained.Model) -> None:
        content = {"relevance": fitted.relevance.exported(), "kind": fitted.kind.exported()}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}, {len(text.encode()):,} bytes.")
