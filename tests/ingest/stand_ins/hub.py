"""A stand-in for the Hugging Face hub: listings with Link pages, details, files at a commit, and its ways to refuse."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

TOKEN = "hf_valid"
FLOOR = "2022-03-02T23:29:04.000Z"


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def sha_of(text: str) -> str:
    return sha1(text.encode()).hexdigest()


@dataclass
class HubRepository:
    """What it holds; ``row`` is how listings and details show it."""

    id: str
    created: str
    license: str = "apache-2.0"
    card: dict[str, Any] = field(default_factory=dict)
    gated: object = False
    files: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ("transformers", "safetensors", "region:us")
    downloads: object = 1000
    downloads_total: object = 5000
    children: object = field(default_factory=lambda: {"adapter": 1, "merge": 2, "quantized": 3, "finetune": 4})
    disabled: bool = False
    private: bool = False
    commit: str = ""  # what else changed; the sha follows from it and the files
    changed: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    @property
    def sha(self) -> str:
        return sha_of(f"{self.commit}{sorted(self.files.items())}{self.license}")

    def row(self) -> dict[str, Any]:
        whole = {
            "_id": sha_of(self.id)[:24],
            "id": self.id,
            "modelId": self.id,
            "sha": self.sha,
            "createdAt": self.created,
            "lastModified": self.changed or self.created,
            "private": self.private,
            "gated": self.gated,
            "disabled": self.disabled,
            "downloads": self.downloads,
            "downloadsAllTime": self.downloads_total,
            "likes": 12,
            "tags": [*self.tags, f"license:{self.license}"] if self.license else list(self.tags),
            "cardData": {"license": self.license, "language": ["en"], **self.card},
            "pipeline_tag": "text-generation",
            "safetensors": {"parameters": {"BF16": 7_615_616_512}, "total": 7_615_616_512},
            "childrenModelCount": self.children,
            "inferenceProviderMapping": [
                {"provider": "novita", "providerId": "x", "status": "live", "task": "conversational"}
            ],
            **self.extra,
        }
        return {name: value for name, value in whole.items() if name not in self.left_out}


@dataclass
class Hub(StandIn):
    repositories: dict[str, HubRepository] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    per_page: int = 100
    tokens: set[str] = field(default_factory=lambda: {TOKEN})

    def add(self, repository: HubRepository) -> HubRepository:
        self.repositories[repository.id] = repository
        return repository

    def answer(self, asked: Asked) -> Reply:
        if asked.token and asked.token not in self.tokens:
            return refused(401, "", "Invalid credentials in Authorization header")
        if asked.path == "/api/models":
            return self._list(asked)
        name, _, rest = asked.path.removeprefix("/api/models/").strip("/").partition("/resolve/")
        if name in self.renamed:
            there = asked.path.replace(name, self.renamed[name])
            return Reply(307, b"Temporary Redirect", {"location": there})
        repository = self.repositories.get(name)
        if repository is None:
            return refused(401, "RepoNotFound", "Repository not found")
        if repository.disabled:
            return refused(403, "", "Access to this resource is disabled.")
        return self._file(asked, repository, rest) if rest else Reply.json(repository.row(), headers=LIMITS)

    def _list(self, asked: Asked) -> Reply:
        author = asked.first("author")
        names = [name for name in self.repositories if name.split("/")[0] == author or "/" not in name]
        start, limit = int(asked.first("cursor", "0")), min(int(asked.first("limit", "100")), self.per_page)
        headers = dict(LIMITS)
        if start + limit < len(names):
            query = "&".join(f"expand={each}" for each in asked.query.get("expand", []))
            address = f"{self.url}/api/models?author={author}&limit={limit}&cursor={start + limit}&{query}"
            headers["link"] = f'<{address}>; rel="next"'
        shown = [self.repositories[name] for name in names[start : start + limit]]
        return Reply.json([each.row() for each in shown if not each.private], headers=headers)

    def _file(self, asked: Asked, repository: HubRepository, rest: str) -> Reply:
        revision, _, name = rest.partition("/")
        if repository.gated:
            return refused(401, "GatedRepo", f"Access to model {repository.id} is restricted.")
        if revision not in {"main", repository.sha}:
            return refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        if name not in repository.files:
            return refused(404, "EntryNotFound", "Entry not found")
        headers = {"content-type": "text/plain; charset=utf-8", "x-repo-commit": repository.sha}
        return Reply(200, repository.files[name].encode(), headers).validated(asked)


LIMITS = {
    "ratelimit": '"api";r=489;t=189',
    "ratelimit-policy": '"fixed window";"api";q=500;w=300',
}


def refused(status: int, code: str, message: str) -> Reply:
    headers = {"x-error-message": message, **({"x-error-code": code} if code else {})}
    return Reply.json({"error": message}, status, headers)
