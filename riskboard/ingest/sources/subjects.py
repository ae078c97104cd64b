"""Whom an observation is about: the family behind a repository's name, the license behind a tag."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, License, Release, Vendor

WORD_STARTS = re.compile(r"(?:^|(?<=[^A-Za-z0-9]))[A-Za-z0-9]")
# What hosts call a license, where neither our key nor the SPDX identifier says so.
OTHER_NAMES = {
    "gemma": "gemma-terms",
    "qwen": "qwen-license",
    "nvidiaopenmodellicense": "nvidia-open-model",
    "nvidiaopenmodel": "nvidia-open-model",
    "flux1devnoncommerciallicense": "flux1-dev-nc",
    "stabilityaicommunity": "stability-community",
    "tencenthunyuancommunity": "hunyuan-community-eu",
    "bigsciencebloomrail10": "bigscience-rail-1.0",
}
FREEDOM = {category: place for place, category in enumerate(kinds.LicenseCategory.values)}


def squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def family_of(name: str, families: Iterable[Family]) -> Family | None:
    """The family whose slug's words stand in the name in their order, the first at the start of a word; the longest."""
    matching = [family for family in families if _stands_in(family.slug, name)]
    return max(matching, key=lambda family: len(squeezed(family.slug)), default=None)


def _stands_in(slug: str, name: str) -> bool:
    first, *others = re.split(r"[^a-z0-9]+", slug.lower())
    for start in WORD_STARTS.finditer(name):
        rest = squeezed(name[start.start() :])
        if rest.startswith(first) and _in_order(others, rest[len(first) :]):
            return True
    return False


def _in_order(words: list[str], rest: str) -> bool:
    for word in words:
        if word.isdigit():
            # A number is the generation: it follows at once and stands alone.
            if re.match(rf"{word}(?!\d)", rest) is None:
                return False
            rest = rest.removeprefix(word)
            continue
        _, found, rest = rest.partition(word)
        if not found:
            return False
    return True


@dataclass(frozen=True)
class Subjects:
    """A vendor's families and known repositories. Read once for one look."""

    vendor: Vendor | None

    @cached_property
    def families(self) -> list[Family]:
        return list(Family.objects.filter(line__vendor=self.vendor).order_by("slug")) if self.vendor else []

    @cached_property
    def releases(self) -> dict[str, Release]:
        """Known repositories of the hub, of whatever vendor, by their name in lower case."""
        known = Release.objects.exclude(hf_repo="").select_related("family", "license").order_by("released_on")
        return {release.hf_repo.lower(): release for release in known}

    @cached_property
    def licenses(self) -> list[License]:
        return list(License.objects.order_by("key"))

    @property
    def slug(self) -> str:
        return self.vendor.slug if self.vendor else ""

    def release(self, repository: str) -> Release | None:
        return self.releases.get(repository.lower())

    def family(self, repository: str) -> Family | None:
        known = self.release(repository)
        return known.family if known else family_of(repository.rsplit("/", 1)[-1], self.families)

    def license(self, tag: str, name: str = "") -> License | None:
        """By our key, SPDX identifier or name; ``tag`` "other" leaves it to ``name``."""
        wanted = squeezed(name or tag) if tag.lower() in {"", "other", "unknown"} else squeezed(tag)
        if not wanted or wanted == "other":
            return None
        key = OTHER_NAMES.get(wanted, "")
        vendors_own = f"{self.slug}{wanted}"
        for license_ in self.licenses:
            known = {squeezed(license_.key), squeezed(license_.spdx_id), squeezed(license_.name)}
            if license_.key == key or wanted in known or vendors_own in known:
                return license_
        return None


def direction_between(before: License | None, after: License | None) -> str:
    """Tightening or loosening, where the categories of the two differ; else "": someone has to read them."""
    if before is None or after is None or before.category == after.category:
        return ""
    is_tighter = FREEDOM[after.category] > FREEDOM[before.category]
    return kinds.ChangeDirection.TIGHTENING if is_tighter else kinds.ChangeDirection.LOOSENING
