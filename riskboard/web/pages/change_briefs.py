"""Two briefs on a change, for counsel and for whoever runs the technology: plain claims, each with its notes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from riskboard.catalog.models import License, LicenseChange
from riskboard.portfolio.keeping import lasting
from riskboard.web.pages.change import Change
from riskboard.web.pages.change_steps import Case, hosts, names
from riskboard.web.pages.ended_elsewhere import Elsewhere
from riskboard.web.pages.footnotes import Claim, Footnotes, Note
from riskboard.web.pages.hosting import HostedRelease
from riskboard.web.pages.told import Told
from riskboard.web.pages.upkeep import Upkeep
from riskboard.web.templatetags.board import day


@dataclass(frozen=True, slots=True)
class Material:
    """``report``: what kind of report the change rests on."""

    case: Case
    report: str
    told: tuple[Told, ...]
    elsewhere: Elsewhere
    upkeep: Upkeep
    notes: Footnotes

    @property
    def change(self) -> Change:
        return self.case.change

    @property
    def its_row(self) -> Note:
        change = self.change
        address = change.signal.get_absolute_url() if change.signal else reverse("change", args=[change.key])
        return self.notes.row(change.row, f"{change.heading}: {change.title}", address)

    def license_note(self, license_: License) -> Note:
        return self.notes.row(license_, license_.name, license_.get_absolute_url())


def for_counsel(material: Material) -> tuple[Claim, ...]:
    change = material.change
    found = [_what_happened(material), *_since_when(material), *_reach(material)]
    if len(change.licenses) == 2:
        found += _clauses(material)
    else:
        found += [
            Claim(f"{pair.name}: before, {pair.before.text}; after, {pair.after.text}.", (material.its_row,))
            for pair in change.pairs
        ]
    return (*found, *_grants(material))


def for_technology(material: Material) -> tuple[Claim, ...]:
    return (
        _what_happened(material),
        *_reach(material),
        _served(material),
        *_said_before(material),
        *_ended(material),
        *_fixes(material),
    )


def _what_happened(material: Material) -> Claim:
    change = material.change
    on = day(change.occurred_on, change.precision)
    notes = (material.its_row, *(material.license_note(each) for each in change.licenses))
    said = f"{change.heading}, {on}: {change.title.rstrip('.')}"
    if change.licenses:
        said += f", from {change.licenses[0].name} to {change.licenses[1].name}"
    return Claim(f"{said}. It rests on: {material.report}.", notes)


def _since_when(material: Material) -> Iterator[Claim]:
    change = material.change
    if change.effective_on is None:
        yield Claim("From when it holds is unknown.", (material.its_row,))
    elif change.announced_on is None:
        yield Claim(
            f"It holds since {day(change.effective_on)}; when it was announced is unknown.", (material.its_row,)
        )
    else:
        notice = (change.effective_on - change.announced_on).days
        words = f"{notice} days of notice" if notice > 0 else "without a day of notice"
        yield Claim(f"It holds since {day(change.effective_on, change.precision)}, {words}.", (material.its_row,))


def _reach(material: Material) -> Iterator[Claim]:
    touched = material.case.touched
    own = (material.its_row,)
    if touched.hit:
        notes = tuple(material.notes.row(row, row.name, row.get_absolute_url()) for row in touched.hit[:3])
        yield Claim(f"It is about: {names(touched.hit)}.", own + tuple(each for each in notes if each not in own))
    else:
        yield Claim("Which releases it hits is unknown: the row names none.", own)
    if touched.spared:
        notes = tuple(material.notes.row(row, row.name, row.get_absolute_url()) for row in touched.spared[:3])
        yield Claim(f"Not hit: {names(touched.spared)}. {material.change.note}", own + notes)
    elif isinstance(material.change.row, LicenseChange):
        yield Claim(material.change.note, own)


def _clauses(material: Material) -> Iterator[Claim]:
    notes = tuple(material.license_note(each) for each in material.change.licenses)
    for pair in material.change.pairs:
        if pair.differs:
            yield Claim(f"{pair.name}: before, {pair.before.text}; after, {pair.after.text}.", notes)
    unknown = [pair.name for pair in material.change.pairs if pair.differs is None]
    if unknown:
        yield Claim(f"To be read, as a side is unknown here: {'; '.join(unknown).lower()}.", notes)


def _grants(material: Material) -> Iterator[Claim]:
    """Whether what was taken under the terms before lasts."""
    change, touched = material.change, material.case.touched
    held = [change.licenses[0]] if change.licenses else [row.license for row in (*touched.hit, *touched.spared)]
    for license_ in {each.pk: each for each in held if each}.values():
        grant = lasting(license_)
        yield Claim(f"Copies taken under {license_.name}: {grant.why}.", (material.license_note(license_),))


def _served(material: Material) -> Claim:
    hosted = material.case.hosted
    serving = [each for each in hosted if each.rows]
    if not serving:
        note = material.notes.page("Where we look for hosts", reverse("feeds"))
        seen = "no host that was seen serves it any more" if hosted else "no host was seen yet"
        return Claim(f"Who serves it is unknown: {seen}.", (note,))
    first = min((each.ends_on for each in serving if each.ends_on), default=None)
    until = f"The first announced end is {day(first)}." if first else "None has announced an end."
    notes = tuple(_hosting_note(material, each) for each in serving[:3])
    return Claim(f"Served by {hosts(serving)}. {until}", notes)


def _hosting_note(material: Material, hosted: HostedRelease) -> Note:
    release = hosted.release
    address = reverse("hosting", kwargs={"family": release.family.slug, "slug": release.slug})
    return material.notes.page(f"Who hosts {release.name}", address)


def _said_before(material: Material) -> Iterator[Claim]:
    for told in material.told[:3]:
        eve = next(each for each in told.moments if each.on == told.first)
        address = f"{told.line.get_absolute_url()}?as_of={eve.on.isoformat()}"
        note = material.notes.page(f"{told.line.name} as of {day(eve.on)}", address)
        if eve.durability is None:
            yield Claim(f"The day before, this board had no history of {told.line.short_name}.", (note,))
        else:
            band = f"80 % band {eve.low:.0f}–{eve.high:.0f}" if eve.low is not None and eve.high is not None else ""
            yield Claim(
                f"The day before, this board put {told.line.short_name} at {eve.durability:.0f} of 100 for commitment "
                f"durability, {band}; reconstructed from what was public that day.",
                (note,),
            )


def _ended(material: Material) -> Iterator[Claim]:
    ending = material.elsewhere.ending
    if ending is None:
        return
    note = material.notes.page("Commitments of the past", reverse("histories"))
    yield Claim(
        f"Of {ending.decisions} commitments of the past that were {material.elsewhere.words}, "
        f"{ending.reversed.k} were taken back; {ending.without_notice.k} of {ending.without_notice.n} with a known "
        "notice gave none.",
        (note,),
    )


def _fixes(material: Material) -> Iterator[Claim]:
    upkeep, own = material.upkeep, material.its_row
    if upkeep.governance:
        row = upkeep.governance
        vendor = material.change.vendor
        yield Claim(
            f"Who decides, as recorded since {day(row.valid_from)}: {upkeep.governed}.",
            (material.notes.row(row, f"Governance of {vendor.name}", vendor.get_absolute_url()),),
        )
    yield Claim("Who makes template and security fixes if no next version comes is unknown.", (own,))
