"""A repository as the Hugging Face hub lists it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

from riskboard.ingest.sources.shapes import mapping, moment, rows, text, texts, whole

# Repositories older than the field all carry this instant.
CREATED_FLOOR = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
EXPANDED = (
    "cardData",
    "childrenModelCount",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "gated",
    "inferenceProviderMapping",
    "lastModified",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "sha",
    "tags",
)
MODALITIES = {
    "text-generation": "text",
    "text2text-generation": "text",
    "image-text-to-text": "vision",
    "visual-question-answering": "vision",
    "object-detection": "vision",
    "image-segmentation": "vision",
    "mask-generation": "vision",
    "image-feature-extraction": "vision",
    "any-to-any": "multimodal",
    "video-text-to-text": "multimodal",
    "audio-text-to-text": "multimodal",
    "text-to-image": "image",
    "image-to-image": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "audio",
    "text-to-audio": "audio",
    "automatic-speech-recognition": "audio",
    "audio-to-audio": "audio",
    "feature-extraction": "embedding",
    "sentence-similarity": "embedding",
}
OPEN, UNKNOWN = "no", ""


@dataclass(frozen=True, slots=True)
class Repository:
    """``None`` and "" are unknown: the hub did not say, or said it in a shape that we do not know."""

    name: str
    created_at: datetime | None
    changed_at: datetime | None
    sha: str
    gated: str  # auto, manual, "no", or "" for unknown
    license: str  # the tag; "other" leaves it to license_name
    license_name: str
    license_link: str
    downloads_month: int | None
    downloads_total: int | None
    likes: int | None
    derivatives: int | None
    parameters: int | None
    modality: str
    is_variant: bool  # the same weights quantized, an adapter or a merge of others
    is_hidden: bool  # private, or disabled by the hub
    hosts: dict[str, str] | None  # inference provider -> status; None: the hub did not say

    @classmethod
    def read(cls, row: dict[str, Any]) -> Self | None:
        """None if it does not say which repository it is."""
        name = text(row.get("id")) or text(row.get("modelId"))
        if not name or len(name) > 200 or "//" in name or name.count("/") > 1 or any(c in name for c in " ?#%\\"):
            return None
        card, tags = mapping(row.get("cardData")), texts(row.get("tags"))
        created_at = moment(row.get("createdAt"))
        return cls(
            name=name,
            created_at=created_at if created_at and created_at > CREATED_FLOOR else None,
            changed_at=moment(row.get("lastModified")),
            sha=_sha(row.get("sha")),
            gated=_gated(row.get("gated")),
            license=_license(tags, card),
            license_name=text(card.get("license_name"), 100),
            license_link=text(card.get("license_link")),
            downloads_month=whole(row.get("downloads")),
            downloads_total=whole(row.get("downloadsAllTime")),
            likes=whole(row.get("likes")),
            derivatives=_derivatives(row.get("childrenModelCount")),
            parameters=whole(mapping(row.get("safetensors")).get("total")),
            modality=MODALITIES.get(text(row.get("pipeline_tag")), UNKNOWN),
            is_variant=any(tag.startswith(VARIANT_TAGS) for tag in tags),
            is_hidden=row.get("private") is True or row.get("disabled") is True,
            hosts=_hosts(row.get("inferenceProviderMapping")),
        )

    @property
    def billions(self) -> str:
        """Of parameters, as the table of releases has them."""
        if not self.parameters:
            return ""
        in_billions = round(Decimal(self.parameters) / 10**9, 3)
        return f"{in_billions.normalize():f}" if 0 < in_billions < 10**6 else ""

    @property
    def license_in_words(self) -> str:
        if self.license in {"", "other"} and self.license_name:
            return self.license_name
        return self.license or "none stated"


VARIANT_TAGS = ("base_model:quantized:", "base_model:adapter:", "base_model:merge:")


def _sha(value: object) -> str:
    sha = text(value, 40)
    return sha if len(sha) == 40 and all(digit in "0123456789abcdef" for digit in sha) else UNKNOWN


def _gated(value: object) -> str:
    if value is False:
        return OPEN
    return value if isinstance(value, str) and value in {"auto", "manual"} else UNKNOWN


def _license(tags: list[str], card: dict[str, Any]) -> str:
    tagged = sorted(tag.removeprefix("license:").lower() for tag in tags if tag.startswith("license:"))
    stated = tagged or sorted(each.lower() for each in texts(card.get("license")))
    return ", ".join(stated)[:100]


def _derivatives(value: object) -> int | None:
    """A number in the client's documentation, counts by kind in the answers."""
    if isinstance(value, dict):
        counts = [count for count in map(whole, value.values()) if count is not None]
        return sum(counts) if counts else None
    return whole(value)


def _hosts(value: object) -> dict[str, str] | None:
    """By provider in the answer about one repository, a list of providers in listings."""
    if isinstance(value, dict):
        found = [(text(provider, 60), each) for provider, each in value.items() if isinstance(each, dict)]
    elif isinstance(value, list):
        found = [(text(each.get("provider"), 60), each) for each in rows(value)]
    else:
        return None
    hosts = {provider: text(each.get("status"), 20) for provider, each in found if provider}
    return hosts if hosts or not value else None
