"""What a difference between two looks at a hub repository says, as drafts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, License
from riskboard.ingest.drafts import Draft
from riskboard.ingest.licensetext import Redline
from riskboard.ingest.sources import absence, drafting, license_files
from riskboard.ingest.sources.drafting import Citation, row_key, slug_of
from riskboard.ingest.sources.hub_repository import OPEN, Repository
from riskboard.ingest.sources.subjects import Subjects, direction_between

PUBLISHER = "Hugging Face"
HOW_GATED = {
    OPEN: "open to everyone",
    "auto": "gated (access on request, granted at once)",
    "manual": "gated (access granted by hand)",
}


@dataclass(frozen=True, slots=True)
class Observer:
    """Writes down what was seen of one vendor's repositories at one moment."""

    subjects: Subjects
    base: str
    now: datetime
    last_look: datetime | None

    def page(self, name: str, sha: str = "") -> str:
        return f"{self.base}/{name}/commit/{sha}" if sha else f"{self.base}/{name}"

    def cite(self, name: str, sha: str = "") -> Citation:
        return Citation(self.page(name, sha), f"{name} on the Hugging Face hub", PUBLISHER)

    def changed_on(self, repository: Repository) -> date:
        """The day of the last commit if it fell between the two looks, else the day on which we saw it."""
        changed = repository.changed_at
        is_between = (
            changed is not None and changed <= self.now and self.last_look is not None and changed > self.last_look
        )
        return changed.date() if changed is not None and is_between else self.now.date()

    def release(self, repository: Repository, released_on: date, observed: tuple[str, ...]) -> Draft:
        name = repository.name.rsplit("/", 1)[-1]
        family = self.subjects.family(repository.name)
        license_ = self.subjects.license(repository.license, repository.license_name)
        access = access_of(repository, license_)
        citation = self.cite(repository.name)
        fields = {
            "family": slug_of(family),
            "slug": re.sub(r"[^a-z0-9._-]", "-", name.lower()).strip("._-")[:80],
            "name": name[:120],
            "hf_repo": repository.name if "/" in repository.name else "",
            "modality": repository.modality or (family.modality if family else ""),
            "params_total_b": repository.billions,
            "params_active_b": "",
            "released_on": released_on.isoformat(),
            "date_precision": kinds.Precision.DAY.value,
            "access": access,
            "license_key": license_.key if license_ else "",
            "flagship": "",
            "api_first_on": "",
            "weights_on": released_on.isoformat(),
            "withdrawn_on": "",
            "hosted_ended_on": "",
            "source_url": citation.url,
            "source_title": citation.title,
            "confidence": kinds.Confidence.HIGH.value,
        }
        return Draft(f"releases:hub-{repository.name}", "releases", fields, observed, True, citation.url)

    def gating(self, repository: Repository, before: str, snapshot: str) -> Draft:
        """Closing the door weakens; opening it keeps its kind and strengthens."""
        on = self.now.date()
        is_closing = before == OPEN or repository.gated == "manual"
        words = f"{repository.name}: was {HOW_GATED[before]}, is {HOW_GATED[repository.gated]}."
        severity = 3 if "manual" in {before, repository.gated} and OPEN in {before, repository.gated} else 2
        return drafting.signal(
            row_key("hub", repository.name, "gating", repository.gated, on.isoformat()),
            vendor=self.subjects.slug,
            family=self.subjects.family(repository.name),
            kind=kinds.SignalKind.GATING,
            on=on,
            direction=kinds.Direction.WEAKENS if is_closing else kinds.Direction.STRENGTHENS,
            severity=severity,
            summary=words,
            citation=self.cite(repository.name),
            observed=(f"gated: {before} before, {repository.gated} now",),
            is_machine_verified=True,
            snapshots=(snapshot,) if snapshot else (),
        )

    def license_change(
        self,
        repository: Repository,
        before: tuple[str, str],
        *,
        text: Redline | None = None,
        snapshots: tuple[str, ...] = (),
    ) -> Draft:
        """``before``: tag and name. With ``snapshots`` of two texts the text changed, with or without the tag."""
        old = self.subjects.license(*before)
        new = self.subjects.license(repository.license, repository.license_name)
        has_new_tag = before != (repository.license, repository.license_name)
        by_tag = direction_between(old, new) if has_new_tag else ""
        direction = by_tag or license_files.direction(text)
        on = self.changed_on(repository)
        observed = license_files.in_words(text) if snapshots else ()
        if has_new_tag:
            former = before[1] if before[0] in {"", "other"} and before[1] else before[0]
            observed = (f"license tag: {former} before, {repository.license_in_words} now", *observed)
        return drafting.license_change(
            row_key("hub", repository.name, on.isoformat(), repository.sha[:8], "tag" if has_new_tag else "text"),
            vendor=self.subjects.slug,
            family=self.subjects.family(repository.name),
            asset=f"{repository.name} weights",
            from_license=old.key if old else "",
            to_license=new.key if new else "",
            on=on,
            direction=direction,
            scope=kinds.ChangeScope.WEIGHTS,
            citation=self.cite(repository.name, repository.sha),
            observed=observed,
            is_machine_verified=bool(by_tag),
            snapshots=snapshots,
        )

    def revision(self, repository: Repository, text: str, note: str) -> Draft | None:
        """One exact state of a repository that stands behind a release we know."""
        release = self.subjects.release(repository.name)
        if release is None or not repository.sha:
            return None
        fields = {
            "release": release.slug,
            "repository": repository.name,
            "commit_sha": repository.sha,
            "license_text_sha256": text,
            "captured_on": self.now.date().isoformat(),
            "source_url": self.page(repository.name, repository.sha),
            "source_title": f"{repository.name} at {repository.sha[:12]}",
        }
        key = f"revisions:{repository.name}@{repository.sha}"
        observed = (f"commit {repository.sha}", *((note,) if note else ()))
        return Draft(key, "revisions", fields, observed, True, fields["source_url"], (text,) if text else ())

    def withdrawal(self, name: str, looks: list[str], refusal: str, snapshot: str) -> Draft:
        """To be reviewed: that a repository does not answer is seen, that its vendor took it away is concluded."""
        release = self.subjects.release(name)
        first = datetime.fromisoformat(looks[0]).date()
        return drafting.signal(
            row_key("hub", name, "withdrawal", first.isoformat()),
            vendor=self.subjects.slug,
            family=self.subjects.family(name),
            kind=kinds.SignalKind.WITHDRAWAL,
            on=first,
            direction=kinds.Direction.WEAKENS,
            severity=4 if release is not None and release.flagship else 3,
            summary=f"{name} can no longer be found on the Hugging Face hub ({refusal}).",
            citation=self.cite(name),
            observed=(
                absence.in_words(looks),
                f"last answer: {refusal}",
                "the token was valid: it opened another repository",
            ),
            credibility=kinds.Credibility.PROBABLY_TRUE,
            snapshots=(snapshot,),
        )

    def hosting_ended(self, name: str, looks: list[str]) -> Draft:
        """Of the last inference provider: hosted access, not the weights."""
        first = looks[0][:10]
        return drafting.signal(
            row_key("hub", name, "hosting-ended", first),
            vendor=self.subjects.slug,
            family=self.subjects.family(name),
            kind=kinds.SignalKind.API_DEPRECATION,
            on=date.fromisoformat(first),
            direction=kinds.Direction.WEAKENS,
            severity=1,
            summary=f"Hosted access to {name} ended at the Hugging Face hub: no inference provider offers it any more."
            " The weights are another matter.",
            citation=self.cite(name),
            observed=(absence.in_words(looks),),
        )

    def reach(self, repositories: Iterable[Repository]) -> list[Draft]:
        """The sums of each family over the repositories that say a number."""
        counts: dict[tuple[str, str], list[int]] = {}
        families: dict[str, Family] = {}
        for repository in repositories:
            family = self.subjects.family(repository.name)
            if family is None:
                continue
            families[family.slug] = family
            for metric, value in (
                (kinds.Metric.DOWNLOADS_MONTH, repository.downloads_month),
                (kinds.Metric.DOWNLOADS_TOTAL, repository.downloads_total),
                (kinds.Metric.DERIVATIVES, repository.derivatives),
            ):
                if value is not None:
                    counts.setdefault((family.slug, metric), []).append(value)
        return [self._sum(families[slug], metric, values) for (slug, metric), values in sorted(counts.items())]

    def _sum(self, family: Family, metric: str, values: list[int]) -> Draft:
        label = kinds.Metric(metric).label
        title = f"Hugging Face hub: {label}, summed over {len(values)} repositories of {family.name}"
        organization = f"{self.base}/{self.subjects.vendor.hf_org}" if self.subjects.vendor else self.base
        return drafting.reach(
            vendor=self.subjects.slug,
            family=family,
            on=self.now.date(),
            metric=metric,
            value=sum(values),
            citation=Citation(organization, title, PUBLISHER),
        )


def access_of(repository: Repository, license_: License | None) -> str:
    if repository.gated == "":
        return ""
    if license_ is not None and license_.category == kinds.LicenseCategory.NONCOMMERCIAL:
        return kinds.Access.RESTRICTED
    return kinds.Access.OPEN_WEIGHTS if repository.gated == OPEN else kinds.Access.GATED
