"""A hosted model as OpenRouter lists it, and what it costs where."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from riskboard.catalog.models import Vendor
from riskboard.ingest.sources.shapes import day, decimal, instant, mapping, rows, text, whole

# OpenRouter's name for whoever made a model -> our slug, where neither the slug nor an organization says so.
AUTHORS = {
    "allenai": "ai2",
    "arcee-ai": "arcee",
    "bytedance-seed": "bytedance",
    "huggingfaceh4": "huggingface",
    "ibm-granite": "ibm",
    "meta-llama": "meta",
    "mistralai": "mistral",
    "moonshotai": "moonshot",
    "nousresearch": "nous",
    "qwen": "alibaba",
    "rekaai": "reka",
    "stepfun-ai": "stepfun",
    "thinkingmachines": "thinking-machines",
    "thudm": "zhipu",
    "x-ai": "xai",
    "z-ai": "zhipu",
}
NAME = re.compile(r"[a-z0-9][\w.-]*/[\w.:-]+\Z", re.IGNORECASE)
# An end so far away is no plan: 2098-12-31 is what stands for "none" there.
NO_PLAN_FROM = date(2090, 1, 1)
PER_MILLION = 10**6
OPEN, CLOSED, UNKNOWN = "open", "closed", ""


def price(value: object) -> Decimal | None:
    """Per token. -1 stands for "it varies": unknown, never a price."""
    found = decimal(value)
    return found if found is not None and found >= 0 else None


@dataclass(frozen=True, slots=True)
class HostedModel:
    name: str
    title: str
    weights: str  # open, closed, or "" when the list does not say
    repository: str  # of the weights on the hub
    created_at: datetime | None
    prompt: Decimal | None
    completion: Decimal | None
    ends_on: date | None
    writes_text: bool

    @classmethod
    def read(cls, row: dict[str, Any]) -> Self | None:
        """None for what is not one model: an alias that floats, or a row without a name."""
        name = text(row.get("id"), 200)
        if not NAME.match(name) or text(row.get("alias_target")):
            return None
        repository = row.get("hugging_face_id", 0)
        is_said = repository is None or isinstance(repository, str)
        prices, ends_on = mapping(row.get("pricing")), day(row.get("expiration_date"))
        outputs = mapping(row.get("architecture")).get("output_modalities")
        return cls(
            name=name,
            title=text(row.get("name"), 200) or name,
            weights=(OPEN if text(repository) else CLOSED) if is_said else UNKNOWN,
            repository=text(repository, 200),
            created_at=instant(row.get("created")),
            prompt=price(prices.get("prompt")),
            completion=price(prices.get("completion")),
            ends_on=ends_on if ends_on and ends_on < NO_PLAN_FROM else None,
            writes_text=outputs == ["text"] if isinstance(outputs, list) else True,
        )

    @property
    def author(self) -> str:
        return self.name.split("/", 1)[0].lower()

    @property
    def is_variant(self) -> bool:
        """The same model free of charge, in batches, with other settings."""
        return ":" in self.name


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One host that offers a model."""

    host: str
    status: str
    prompt: Decimal | None
    completion: Decimal | None
    ends_on: date | None

    @classmethod
    def read(cls, row: dict[str, Any]) -> Self | None:
        host, prices = text(row.get("provider_name"), 80), mapping(row.get("pricing"))
        if not host:
            return None
        number, ends_on = row.get("status"), day(row.get("expiration_date"))
        return cls(
            host=host,
            status=_status(number),
            prompt=price(prices.get("prompt")),
            completion=price(prices.get("completion")),
            ends_on=ends_on if ends_on and ends_on < NO_PLAN_FROM else None,
        )


def _status(value: object) -> str:
    """0 is good, below it something is wrong."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "up" if value >= 0 else "down"
    return UNKNOWN


def endpoints(body: object) -> tuple[list[Endpoint], bool] | None:
    """Of one model, the cheapest of a host that has several; and whether all could be read. None: no such answer."""
    listed = mapping(mapping(body).get("data")).get("endpoints")
    if not isinstance(listed, list):
        return None
    read = [endpoint for endpoint in map(Endpoint.read, rows(listed)) if endpoint]
    found: dict[str, Endpoint] = {}
    for endpoint in read:
        known = found.get(endpoint.host)
        if known is None or _cost(endpoint) < _cost(known):
            found[endpoint.host] = endpoint
    return list(found.values()), len(read) == len(listed)


def _cost(endpoint: Endpoint) -> Decimal:
    unknown = Decimal(10**6)
    return (unknown if endpoint.prompt is None else endpoint.prompt) + (
        unknown if endpoint.completion is None else endpoint.completion
    )


def vendors_by_author(vendors: list[Vendor]) -> dict[str, Vendor]:
    by_slug = {vendor.slug: vendor for vendor in vendors}
    found = {
        name.lower(): vendor for vendor in vendors for name in (vendor.github_org, vendor.hf_org, vendor.slug) if name
    }
    return found | {author: by_slug[slug] for author, slug in AUTHORS.items() if slug in by_slug}


def is_whole(pages: list[dict[str, Any]]) -> bool:
    """Whether every row names its model, and the list says no other number of them than it holds."""
    listed = [row for page in pages for row in page["data"]]
    is_readable = all(isinstance(row, dict) and text(row.get("id")) for row in listed)
    return is_readable and whole(pages[-1].get("total_count")) in {None, len(listed)}


def per_million(value: Decimal | None) -> str:
    return "unknown" if value is None else f"${(value * PER_MILLION).normalize():f}"
