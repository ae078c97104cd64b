"""A stand-in for OpenRouter: the list of models in pages, the endpoints of one model."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn


def row(
    name: str, created: datetime, prompt: str, completion: str, hub: str | None = None, **extra: object
) -> dict[str, Any]:
    return {
        "id": name,
        "canonical_slug": f"{name}-{created:%Y%m%d}",
        "hugging_face_id": hub,
        "name": name.rsplit("/", 1)[-1].title(),
        "created": int(created.timestamp()),
        "description": "A model.",
        "context_length": 262144,
        "architecture": {
            "modality": "text->text",
            "input_modalities": ["text"],
            "output_modalities": ["text"],
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {"prompt": prompt, "completion": completion},
        "top_provider": {"context_length": 262144, "max_completion_tokens": None, "is_moderated": False},
        "per_request_limits": None,
        "supported_parameters": ["max_tokens", "temperature"],
        "default_parameters": {"temperature": 1},
        "supported_voices": None,
        "knowledge_cutoff": None,
        "expiration_date": None,
        "links": {"details": f"/api/v1/models/{name}/endpoints"},
        **extra,
    }


def endpoint(host: str, prompt: str, completion: str, status: object = 0, **extra: object) -> dict[str, Any]:
    return {
        "name": f"{host} | model",
        "provider_name": host,
        "tag": host.lower(),
        "context_length": 131072,
        "pricing": {"prompt": prompt, "completion": completion},
        "quantization": "fp8",
        "status": status,
        "uptime_last_30m": 99.8,
        **extra,
    }


@dataclass
class OpenRouter(StandIn):
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    hosts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    per_page: int = 500
    total: object = None

    def add(self, *args: Any, **given: Any) -> dict[str, Any]:
        added = row(*args, **given)
        self.models[added["id"]] = added
        return added

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/api/v1/models":
            return self._list(asked)
        name = asked.path.removeprefix("/api/v1/models/").removesuffix("/endpoints")
        if name not in self.models:
            return Reply.json({"error": {"message": f"Model {name} does not exist", "code": 404}}, 404)
        return Reply.json({"data": {"id": name, "name": name, "endpoints": self.hosts.get(name, [])}})

    def _list(self, asked: Asked) -> Reply:
        start = int(asked.first("offset", "0"))
        shown = list(self.models.values())
        following = start + self.per_page
        link = f"/api/v1/models?offset={following}&limit={self.per_page}" if following < len(shown) else None
        total = len(shown) if self.total is None else self.total
        return Reply.json({"data": shown[start:following], "total_count": total, "links": {"next": link}})
