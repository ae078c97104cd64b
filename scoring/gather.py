"""The bridge: catalog rows to the engine's dossiers. A dossier holds the evidence of every day; each row in it carries
the day on which it became public, and the engine looks at nothing that was not public on its day.
"""

from riskboard.catalog.models import Line
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.gathering.granting import with_grants
from scoring.gathering.promises import breaches, pledges
from scoring.gathering.releases import release_facts, withdrawal_reports
from scoring.gathering.rules import RULES
from scoring.gathering.shelf import Folder, read_shelf
from scoring.gathering.signals import signal_reports
from scoring.gathering.standing import vendor_facts
from scoring.gathering.terms import license_facts, license_reports, tightenings

__all__ = ["RULES", "dossier_of", "gather", "gather_all"]


def gather_all(rubric: Rubric | None = None) -> dict[str, Dossier]:
    """The dossier of every line, by slug. Eight queries, however many lines there are."""
    folders = read_shelf().folders(rubric or load_rubric(SHIPPED))
    return {folder.line.slug: dossier_of(folder) for folder in folders}


def gather(line: Line, rubric: Rubric | None = None) -> Dossier:
    """The same as ``gather_all()[line.slug]``, from the rows of its vendor alone."""
    folders = read_shelf(line.vendor_id).folders(rubric or load_rubric(SHIPPED))
    return next(dossier_of(folder) for folder in folders if folder.line == line)


def dossier_of(folder: Folder) -> Dossier:
    """Rows stand in an order of their own, so that the same evidence gives the same bytes."""
    licenses = list(license_facts(folder))
    reports = [*signal_reports(folder), *license_reports(folder, licenses), *withdrawal_reports(folder)]
    facts = [*licenses, *vendor_facts(folder)]
    return Dossier(
        subject=folder.line.slug,
        reports=tuple(sorted(reports, key=lambda report: (report.published, report.id))),
        facts=tuple(sorted(facts, key=lambda fact: (fact.name, fact.valid_from, fact.id))),
        releases=with_grants(release_facts(folder), folder),
        pledges=tuple(sorted(pledges(folder), key=lambda pledge: (pledge.made, pledge.id))),
        breaches=tuple(sorted(breaches(folder), key=lambda breach: (breach.on, breach.id))),
        tightenings=tightenings(folder, licenses),
        vendor=folder.line.vendor.slug,
    )
