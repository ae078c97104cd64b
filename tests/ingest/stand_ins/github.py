"""A stand-in for the GitHub REST API: one repository, its license file, commits and releases, and ways to refuse."""

import json
from base64 import encodebytes
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

TOKEN = "ghp_valid"


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class GitHub(StandIn):
    full_name: str = "acorn/Oak"
    number: int = 4711
    archived: object = False
    visibility: object = "public"
    stars: object = 1200
    license_path: str = "LICENSE"
    license_text: str = "MIT License\n\nPermission is hereby granted, free of charge, to any person.\n"
    spdx_id: str | None = "MIT"
    encoding: str = "base64"
    other_files: dict[str, str] = field(default_factory=dict)
    commits: list[dict[str, Any]] = field(default_factory=list)
    releases: list[dict[str, Any]] = field(default_factory=list)
    gone: int = 0  # 404 or 451
    former_names: set[str] = field(default_factory=set)
    extra: dict[str, Any] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    remaining: int = 4990

    def commit(self, when: datetime, message: str) -> str:
        sha = sha1(f"{when}{message}".encode()).hexdigest()
        person = {"name": "A. Corn", "email": "a@acorn.example", "date": stamp(when)}
        self.commits.insert(
            0,
            {
                "sha": sha,
                "commit": {"author": person, "committer": person, "message": f"{message}\n\nLonger words."},
                "html_url": f"https://github.com/{self.full_name}/commit/{sha}",
                "parents": [],
            },
        )
        return sha

    def release(self, number: int, tag: str, when: datetime | None, **given: object) -> None:
        self.releases.insert(
            0,
            {
                "id": number,
                "tag_name": tag,
                "name": f"Oak {tag}",
                "body": "What is new.",
                "html_url": f"https://github.com/{self.full_name}/releases/tag/{tag}",
                "draft": False,
                "prerelease": False,
                "published_at": stamp(when) if when else None,
                "assets": [],
                **given,
            },
        )

    def answer(self, asked: Asked) -> Reply:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": "1793500000",
            "x-ratelimit-resource": "core",
        }
        if asked.token and asked.token not in self.tokens:
            return Reply.json({"message": "Bad credentials", "status": "401"}, 401, headers)
        if asked.path == "/repos/octocat/Hello-World":
            return Reply.json({"id": 1296269, "full_name": "octocat/Hello-World"}, headers=headers)
        for former in self.former_names:
            if f"{asked.path}/".startswith(f"/repos/{former}/"):
                rest = asked.path.removeprefix(f"/repos/{former}")
                return Reply(301, b"{}", {**headers, "location": f"{self.url}/repositories/{self.number}{rest}"})
        for root in (f"/repos/{self.full_name}", f"/repositories/{self.number}"):
            if asked.path == root or asked.path.startswith(f"{root}/"):
                return self._repository(asked, asked.path.removeprefix(root), headers)
        return not_found(headers)

    def _repository(self, asked: Asked, rest: str, headers: dict[str, str]) -> Reply:
        if self.gone == 451:
            return Reply.json({"message": "Repository access blocked", "block": {"reason": "dmca"}}, 451, headers)
        if self.gone:
            return not_found(headers)
        found = self._what(asked, rest)
        if found is None:
            return not_found(headers)
        return Reply(200, json.dumps(found).encode(), headers).validated(asked)

    def _what(self, asked: Asked, rest: str) -> object:
        if rest == "":
            return self.row()
        if rest == "/license":
            return self._file(self.license_path, self.license_text) if self.license_path else None
        if rest.startswith("/contents/"):
            name = rest.removeprefix("/contents/")
            return self._file(name, self.other_files[name]) if name in self.other_files else None
        if rest == "/commits":
            since = asked.first("since")
            return [each for each in self.commits if each["commit"]["committer"]["date"] >= since]
        return self.releases if rest == "/releases" else None

    def row(self) -> dict[str, Any]:
        return {
            "id": self.number,
            "name": self.full_name.rsplit("/", 1)[-1],
            "full_name": self.full_name,
            "private": False,
            "html_url": f"https://github.com/{self.full_name}",
            "archived": self.archived,
            "disabled": False,
            "visibility": self.visibility,
            "stargazers_count": self.stars,
            "default_branch": "main",
            "license": self._license(),
            "topics": [],
            **self.extra,
        }

    def _license(self) -> dict[str, object] | None:
        if self.spdx_id is None:
            return None
        is_known = self.spdx_id != "NOASSERTION"
        key = self.spdx_id.lower() if is_known else "other"
        url = f"https://api.github.com/licenses/{key}" if is_known else None
        return {"key": key, "name": f"{self.spdx_id} License", "spdx_id": self.spdx_id, "url": url}

    def _file(self, path: str, content: str) -> dict[str, object]:
        return {
            "name": path,
            "path": path,
            "sha": sha1(content.encode()).hexdigest(),
            "size": len(content),
            "type": "file",
            "content": encodebytes(content.encode()).decode() if self.encoding == "base64" else "",
            "encoding": self.encoding,
            "license": self._license(),
        }


def not_found(headers: dict[str, str]) -> Reply:
    return Reply.json({"message": "Not Found", "documentation_url": "https://docs.github.com/rest"}, 404, headers)
