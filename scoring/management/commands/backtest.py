from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from riskboard.catalog.faults import EvidenceError
from scoring import backtests
from scoring.engine.cases import Case
from scoring.engine.fit import FitError
from scoring.engine.reference import REFERENCE
from scoring.histories import Histories, load_histories, load_shipped
from scoring.management.telling import figure, write_json

NOTES_SHOWN = 20
HEADINGS = {
    "n": "n",
    "events": "events",
    "brier": "Brier",
    "log_loss": "log loss",
    "bss": "skill",
    "auc24": "AUC24",
    "c_index": "C",
    "ece": "ECE",
    "intercept": "interc.",
    "slope": "slope",
}


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Judge forecasts of past commitments: the shipped fit at every 1 January at which a case was at risk, or with "
        "--refit the rolling origin on the files alone. Without files: the shipped reference class."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--history", type=Path, metavar="H.csv", help="commitments, in the schema of history.csv")
        parser.add_argument("--signals", type=Path, metavar="S.csv", help="their signals (history_signals.csv)")
        parser.add_argument("--facts", type=Path, metavar="F.csv", help="their dated states (history_facts.csv)")
        parser.add_argument("--reach", type=Path, metavar="R.csv", help="checked, but reach has no part in a forecast")
        parser.add_argument("--refit", action="store_true", help="rolling origin: fit at each 1 January what was known")
        parser.add_argument(
            "--probes", action="store_true", help="the probes for leaks and biases too (rolling origin)"
        )
        parser.add_argument("--exclude-low-confidence", action="store_true", help="leave out rows of low confidence")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write all figures to this file")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        histories = _read(options)
        self._tell(histories)
        cases = _chosen(histories, leave_low_out=options["exclude_low_confidence"])
        try:
            found = self._judged(cases, refit=options["refit"], with_probes=options["probes"])
        except FitError as error:
            raise CommandError(f"Nothing was judged: {error}.", returncode=1) from None
        self._print(found["methods"])
        self._compare(found["comparisons"])
        if "probes" in found:
            self._probes(found["probes"])
        if options["json"]:
            write_json(options["json"], found)

    def _judged(self, cases: tuple[Case, ...], *, refit: bool, with_probes: bool) -> dict[str, Any]:
        shipped = load_shipped().cases
        run = backtests.refit(cases) if refit else backtests.judge_shipped(cases, shipped)
        if not len(run.due.hit):
            raise CommandError(_nothing(refit=refit), returncode=1)
        seen = len({case.id for case in cases} & {case.id for case in shipped})
        if seen and not refit:
            self.stdout.write(f"{seen} of these cases are among those the fit has seen: no test of it.")
        return {
            "protocol": "rolling origin" if refit else "as shipped",
            "fit": None if refit else REFERENCE,
            "cases": len(cases),
            "failures": sum(case.failed for case in cases),
            "cases_seen_by_the_fit": 0 if refit else seen,
            **backtests.report(run),
            **({"probes": backtests.probe(cases)} if with_probes else {}),
        }

    def _tell(self, histories: Histories) -> None:
        for note in histories.notes[:NOTES_SHOWN]:
            self.stdout.write(note)
        if len(histories.notes) > NOTES_SHOWN:
            self.stdout.write(f"... and {len(histories.notes) - NOTES_SHOWN} more notes.")

    def _print(self, methods: dict[str, Any]) -> None:
        self.stdout.write(f"{'':26}" + "".join(f"{heading:>9}" for heading in HEADINGS.values()))
        for name, figures in methods.items():
            self.stdout.write(f"{name:26}" + "".join(f"{figure(figures[key], 4):>9}" for key in HEADINGS))

    def _compare(self, comparisons: dict[str, Any]) -> None:
        self.stdout.write("Log loss of the others minus that of the engine (above 0: the engine is better), 90 %:")
        for name, one in comparisons.items():
            self.stdout.write(
                f"{name:26}{one['difference']:+9.4f}  [{one['low']:+.4f}, {one['high']:+.4f}]  "
                f"better in {100 * one['better']:.0f} % of draws of vendors"
            )

    def _probes(self, found: dict[str, Any]) -> None:
        cut = found["truncation"]
        self.stdout.write(
            f"Recomputed from truncated records: {cut['forecasts']} forecasts at {cut['origins']} origins, "
            f"largest difference {cut['difference']:.1e}"
        )
        self._print({name: methods["engine"] for name, methods in found["methods"].items()})


def _read(options: dict[str, Any]) -> Histories:
    given = {name: options[name] for name in ("history", "signals", "facts", "reach")}
    if given["history"] is None and any(given.values()):
        raise CommandError("Name the commitments too: --history H.csv", returncode=2)
    if given["history"] is not None and given["signals"] is None:
        raise CommandError("Name their signals too: --signals S.csv", returncode=2)
    try:
        return load_shipped() if given["history"] is None else load_histories(**given)
    except EvidenceError as refused:
        said = "\n".join(refused.lines())
        raise CommandError(f"Nothing was judged.\n{said}", returncode=2) from None


def _chosen(histories: Histories, *, leave_low_out: bool) -> tuple[Case, ...]:
    cases = tuple(case for case in histories.cases if not (leave_low_out and case.low_confidence))
    if not cases:
        raise CommandError("Nothing was judged: every row is of low confidence.", returncode=1)
    return cases


def _nothing(*, refit: bool) -> str:
    needs = " and before which five failures were known" if refit else ""
    return f"Nothing was judged: no case was at risk on a 1 January whose next 24 months are known{needs}."
