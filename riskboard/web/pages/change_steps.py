"""What to do about a change in the first day, week and quarter: from what sort of change it is and what it names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from riskboard.catalog.models import License, Release, Threshold
from riskboard.catalog.terms import threshold_sentence
from riskboard.portfolio.keeping import lasting
from riskboard.web.pages.change import Change
from riskboard.web.pages.change_kind import Kind, Touched
from riskboard.web.pages.hosting import HostedRelease
from riskboard.web.templatetags.board import day

NAMED = 3
LABELS = ("First 24 hours", "First 7 days", "First 90 days")
Days = tuple[list[str], list[str], list[str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    label: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What steps are made of. ``unknown``: clauses that cannot be compared."""

    change: Change
    touched: Touched
    hosted: tuple[HostedRelease, ...]
    thresholds: tuple[Threshold, ...]  # of the license after
    unknown: int

    @property
    def before(self) -> License | None:
        return self.change.licenses[0] if self.change.licenses else None

    @property
    def after(self) -> License | None:
        return self.change.licenses[1] if self.change.licenses else None

    @property
    def line(self) -> str:
        """What the vendor's models are called here."""
        return self.change.family.name if self.change.family else self.change.vendor.name


def steps_of(kind: Kind, case: Case) -> tuple[Stretch, ...]:
    return tuple(Stretch(label, tuple(steps)) for label, steps in zip(LABELS, WAYS[kind](case), strict=True))


def names(releases: Sequence[Release], most: int = NAMED) -> str:
    """ "Qwen3-32B, Qwen3-8B and 4 more"."""
    shown, more = [release.name for release in releases[:most]], len(releases) - most
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def hosts(hosted: Iterable[HostedRelease]) -> str:
    """Those that serve any of them now."""
    found = sorted({row.offer.host for each in hosted for row in each.rows})
    return f"{', '.join(found[:NAMED])} and {len(found) - NAMED} more" if len(found) > NAMED else ", ".join(found)


def _read(case: Case) -> list[str]:
    if case.after is None:
        return []
    unread = "" if case.after.text_read else " Its text was not read here."
    unknown = f" {case.unknown} of its clauses cannot be compared on this page." if case.unknown else ""
    limits = "; ".join(threshold_sentence(row) for row in case.thresholds)
    figures = [f"Hold your own figures against it. {limits}."] if limits else []
    return [f"Have a person read {case.after.name} to the end.{unread}{unknown}", *figures]


def _ask_hosts(case: Case) -> list[str]:
    found = hosts(case.hosted)
    return [f"Ask who serves it for you, seen here {found}: until when, and under which terms."] if found else []


def _rehearse(case: Case) -> str:
    return f"Rehearse the switch to a model that does not stand on {case.line}, and write down the days it took."


def _tighter_for_new(case: Case) -> Days:
    before, after = case.change.licenses
    spared, hit = case.touched.spared, case.touched.hit
    kept = f"Pin what you run of {names(spared)} to a revision: these keep {before.name}." if spared else ""
    new = (
        f"Look for {names(hit)} among what you run: it came under {after.name}."
        if hit
        else f"Stop automatic updates of {case.line}: what comes next is under {after.name}."
    )
    text = f"Put aside the text of {before.name} that came with each download, and the day of it."
    newest = f" Stay with {spared[0].name}," if spared else " Stay with what you have,"
    return (
        [step for step in (kept, new, text) if step],
        [*_read(case), *_ask_hosts(case)],
        [f"Decide.{newest} take {after.name}, or move away.", _rehearse(case)],
    )


def _tighter_for_all(case: Case) -> Days:
    before, after = case.change.licenses
    held = [release for release in case.touched.hit if release.license_id == before.pk]
    grant = lasting(before)
    named = names(held) if held else case.line
    return (
        [
            f"Put aside the text of {before.name} and proof of the day of each download: they decide what you took.",
            f"Ask counsel whether copies of {named} taken before keep {before.name}. On record: {grant.why}.",
            f"Pass no copy of {named} on, nor anything made from it, until that is answered.",
        ],
        [
            *_read(case),
            f"List the fine-tunes and quantizations of {named} that you gave away: their rights follow its license.",
            *_ask_hosts(case),
        ],
        [f"Decide. Meet {after.name}, settle with {case.change.vendor.name}, or move away.", _rehearse(case)],
    )


def _next_closed(case: Case) -> Days:
    spared = case.touched.spared
    keep = (
        f"Copy {names(spared)} to a place of your own, compare the hash, and keep the license text with it."
        if spared
        else f"Look for weights of {case.line} that you run: no earlier release with weights is named here."
    )
    last = spared[0].name if spared else f"the last open {case.line}"
    return (
        [keep, f"Stop nothing: what is out of {case.line} was not taken back by this."],
        [
            f"List what you get from {case.change.vendor.name} beside weights: template, tokenizer and security fixes.",
            f"Name somebody who makes those fixes for {last} from now on.",
            *_ask_hosts(case),
        ],
        [
            f"Set the day after which {last} is too old for you, and put it in the exit plan.",
            _rehearse(case),
        ],
    )


def _withdrawn(case: Case) -> Days:
    hit = case.touched.hit
    named = names(hit) if hit else case.line
    since = f" since {day(case.change.occurred_on, case.change.precision)}"
    repos = [release.hf_repo for release in hit if release.hf_repo][:NAMED]
    builds = f"Stop builds that download {', '.join(repos) or named}: what they find is not what you tested{since}."
    licenses = {release.license.pk: release.license for release in hit if release.license}
    grants = "; ".join(lasting(license_).why for license_ in licenses.values()) or "its license is unknown here"
    return (
        [
            f"Find every copy of {named}: mirrors, caches, container images. Move one to where nothing is cleaned up.",
            builds,
            "Put the license text and the day of your download beside it.",
        ],
        [
            "Compare the hash of your copy with that of a revision on record or of a second copy.",
            f"Ask counsel whether you may go on. On record: {grants}.",
            *_ask_hosts(case),
        ],
        [f"Move what has no copy first, then the rest: {named} gets no fixes.", _rehearse(case)],
    )


def _service_ended(case: Case) -> Days:
    hit = case.touched.hit
    named = names(hit) if hit else case.change.title.rstrip(".")
    with_weights = [release for release in hit if release.weights_on and release.withdrawn_on is None]
    way = (
        f"Plan to run {names(with_weights)} on machines of your own: its weights stay to download."
        if with_weights
        else "Look for a copy of the weights before planning to run it yourself: none is named here."
    )
    return (
        [
            f"Search settings and code for calls to: {named}. Each needs a new address or a new model.",
            f"Find out from when calls fail. On record: {day(case.change.occurred_on, case.change.precision)}.",
        ],
        [way, *_ask_hosts(case), "Run your evaluation set against what takes its place, before users do."],
        ["Put a gateway between your code and any host, so that the next end is one setting.", _rehearse(case)],
    )


def _gated(case: Case) -> Days:
    vendor = case.change.vendor.name
    return (
        [
            f"Try a download of what you run of {case.line} with the account that your builds use.",
            "Copy what still downloads to a place of your own, and compare the hash.",
        ],
        [
            f"List what {vendor} asks for now (account, form, country, quota), and who of you agreed to it.",
            *_ask_hosts(case),
        ],
        ["Build from your own copy only, never from the hub.", _rehearse(case)],
    )


def _beside(case: Case) -> Days:
    before, after = case.change.licenses
    about = case.change.scope
    return (
        [f"Touch no weights: this is about {about}, from {before.name} to {after.name}."],
        [f"Look where you use or pass on the {about} of {case.line}.", *_read(case)],
        [f"Watch whether the weights of {case.line} follow."],
    )


def _looser(case: Case) -> Days:
    before, after = case.change.licenses
    return (
        ["Nothing has to be done today: terms got looser."],
        [f"Look which version you run: what came under {before.name} may still be under it.", *_read(case)],
        [f"Where {before.name} kept you away, look again under {after.name}."],
    )


WAYS: dict[Kind, Callable[[Case], Days]] = {
    Kind.TIGHTER_FOR_NEW: _tighter_for_new,
    Kind.TIGHTER_FOR_ALL: _tighter_for_all,
    Kind.NEXT_CLOSED: _next_closed,
    Kind.BESIDE: _beside,
    Kind.LOOSER: _looser,
    Kind.WITHDRAWN: _withdrawn,
    Kind.SERVICE_ENDED: _service_ended,
    Kind.GATED: _gated,
}
