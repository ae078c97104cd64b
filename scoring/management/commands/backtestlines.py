from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.schema import RubricError
from scoring.linejudging import KNOWN_THROUGH, judge_all, report, thin
from scoring.management.telling import figure, write_json

HEADINGS = {
    "n": "n",
    "failures": "failed",
    "log_score": "log score",
    "brier": "Brier",
    "auc": "AUC",
    "auc_within_thirds": "in thirds",
    "auc_within_origins": "in origins",
    "observed_expected": "obs/exp",
}


class Command(BaseCommand):
    help = (
        "Judge forecasts of model lines on the past: every half-year, 12 months ahead, the judged vendor left out. "
        f"Everything up to {KNOWN_THROUGH} is development data; docs/prereg.md has the protocol."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rubric", default=SHIPPED, help=f"the rubric that is judged (default: {SHIPPED})")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write all figures to this file")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            rubric = load_rubric(options["rubric"])
        except RubricError as error:
            raise CommandError(str(error), returncode=2) from None
        runs = judge_all(rubric)
        if not runs["main"].cases:
            raise CommandError("Nothing was judged: no line of this board was at risk and came due.", returncode=1)
        found = report(runs, thin(rubric), rubric)
        self._print(found)
        if options["json"]:
            write_json(options["json"], found)

    def _print(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{found['rubric']}, development data up to {found['known_through']}")
        for origin in found["origins"]:
            self._table(f"{origin['origin']}  {_said(origin['outcomes'])}", origin["methods"])
        self._table(f"All origins  {_said(found['outcomes'])}", found["methods"])
        self._differences(found["differences"])
        for method, bands in found["bands"].items():
            self._bands(method, bands)
        for name, run in found["runs"].items():
            self._table(f"{name}  {_said(run['outcomes'])}", run["methods"])
            self._differences(run["differences"])
        for method, rows in found["misses"].items():
            self.stdout.write(f"Failures that {method} forecast below the usual rate:")
            for row in rows:
                self.stdout.write(
                    f"  {row['origin']}  {row['line']}: {row['mode']} {row['failed_on']}, p {row['p']:.2f}"
                )
        self._thinning(found["thinning"])
        self.stdout.write(f"Shown: bands of {found['shown']}. The gate on lines permits {found['permits']}.")
        for method, held in found["gate"].items():
            said = ", ".join(f"{name} {'met' if met else 'missed'}" for name, met in held.items())
            self.stdout.write(f"Gate for {method}: {said}")

    def _table(self, title: str, methods: dict[str, Any]) -> None:
        keys = [key for key in HEADINGS if all(key in figures for figures in methods.values())]
        self.stdout.write(f"\n{title}")
        self.stdout.write(f"{'':19}" + "".join(f"{HEADINGS[key]:>11}" for key in keys))
        for name, figures in methods.items():
            self.stdout.write(f"{name:19}" + "".join(f"{figure(figures[key], 3):>11}" for key in keys))

    def _differences(self, differences: dict[str, Any]) -> None:
        for name, one in differences.items():
            self.stdout.write(f"  {name:28}{one['difference']:+.4f}  [{one['low']:+.4f}, {one['high']:+.4f}] 90 %")

    def _thinning(self, thinning: dict[str, Any]) -> None:
        correlation = thinning["rank_correlation"]
        self.stdout.write(
            f"Thinned to five events: {thinning['beyond']} of {len(thinning['moves'])} lines move by more than 5 "
            f"points, at most {thinning['worst']:.1f}; rank correlation {figure(correlation, 3)}"
        )

    def _bands(self, method: str, bands: dict[str, Any]) -> None:
        told = ", ".join(f"{name} {r['failed']} of {r['comparable']}" for name, r in bands.items() if name != "alarms")
        alarm = bands["alarms"]
        self.stdout.write(
            f"Bands of {method}: {told} failed; {alarm['false']} of {alarm['alarms']} alarms false, "
            f"{alarm['per_vendor_year']:.2f} for each vendor-year"
        )


def _said(outcomes: dict[str, int]) -> str:
    return f"{outcomes['failed']} failed, {outcomes['no_next_version']} no next version, {outcomes['kept']} kept"
