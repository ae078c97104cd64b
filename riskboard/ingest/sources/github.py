"""One repository on GitHub a feed: ``address`` is its owner/name.

Options: ``license_path`` (a file other than the one that GitHub takes for the license), ``scope`` (what the license
is about: code, weights or policy), ``proof_repository`` (a public one, to prove that GitHub answers us).
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from riskboard.catalog import kinds
from riskboard.ingest.client import Answer, BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.licenserules import Verdict
from riskboard.ingest.licensetext import Redline
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import absence, drafting, license_files
from riskboard.ingest.sources.drafting import Citation, row_key
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.shapes import mapping, moment, rows, text, whole
from riskboard.ingest.sources.subjects import Subjects, direction_between

TOKEN_ENV = "GITHUB_TOKEN"  # noqa: S105 - the name of the variable
HEADERS = {"x-github-api-version": "2022-11-28"}
MOST_REQUESTS = 12
PUBLISHER = "GitHub"
ADDRESS = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}\Z")
PROOF_REPOSITORY = "octocat/Hello-World"
GONE = {404: "404 Not Found", 451: "451 Unavailable For Legal Reasons"}
SCOPES = set(kinds.ChangeScope.values)


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError when the repository itself cannot be read; what else fails is a warning."""
    gathering = Gathering.begin(client, feed, now, token_env=TOKEN_ENV, most_requests=MOST_REQUESTS)
    look = _Look(gathering, Subjects(feed.vendor))
    answer = gathering.get(look.repository(), headers=HEADERS, etag=gathering.cursor.get("etag"))
    if answer.status in GONE:
        look.note_absence(answer)
        return gathering.catch()
    look.at_repository(answer.expect_ok())
    look.at_license()
    look.at_releases()
    gathering.cursor["looked_at"] = now.isoformat()
    return gathering.catch()


@dataclass(slots=True)
class _Look:
    gathering: Gathering
    subjects: Subjects

    @property
    def cursor(self) -> dict[str, Any]:
        return self.gathering.cursor

    @property
    def name(self) -> str:
        """As it is called now."""
        name = str(self.cursor.get("alias") or self.gathering.feed.address).strip()
        if not ADDRESS.match(name):
            raise BadAnswer(f"{name!r} is not the owner/name of a repository.")
        return name

    @property
    def page(self) -> str:
        return f"https://github.com/{self.name}"

    def repository(self, rest: str = "", name: str = "") -> str:
        return f"{settings.GITHUB_URL.rstrip('/')}/repos/{name or self.name}{rest}"

    # The repository -----------------------------------------------------------------------------

    def at_repository(self, answer: Answer) -> None:
        self.cursor["missing"] = []
        self.cursor["gone"] = False
        if not answer.not_modified:
            self._compare(answer)
        self._measure(whole(self.cursor.get("stars")))

    def _compare(self, answer: Answer) -> None:
        row = mapping(answer.json())
        number, full_name = whole(row.get("id")), text(row.get("full_name"))
        if number is None or not ADDRESS.match(full_name):
            raise BadAnswer(f"{answer.url} did not answer with a repository.", "wrong_shape", status=answer.status)
        self._follow_rename(full_name)
        if self.cursor.get("id") not in {None, number}:
            self.gathering.warn(f"{full_name} is another repository than before: it was deleted and made anew.")
            self.cursor.clear()
        self.cursor.update(id=number, etag=answer.etag, stars=whole(row.get("stargazers_count")))
        self._draft_archived(row.get("archived"), answer)
        self._draft_visibility(text(row.get("visibility")), answer)

    def _follow_rename(self, full_name: str) -> None:
        if full_name.lower() != self.name.lower():
            self.gathering.warn(f"{self.name} is now called {full_name}.")
            self.cursor["alias"] = full_name

    def _draft_archived(self, archived: object, answer: Answer) -> None:
        """Archiving ends the work and takes nothing away."""
        before = self.cursor.get("archived")
        if not isinstance(archived, bool):
            return
        self.cursor["archived"] = archived
        if before is not None and archived is not before:
            self._signal(
                "archived" if archived else "unarchived",
                kinds.SignalKind.GOVERNANCE_CHANGE,
                kinds.Direction.WEAKENS if archived else kinds.Direction.STRENGTHENS,
                f"{self.name} was archived: read-only from now on."
                if archived
                else f"{self.name} is open for work again.",
                (f"archived: {before} before, {archived} now",),
                answer,
            )

    def _draft_visibility(self, visibility: str, answer: Answer) -> None:
        before = self.cursor.get("visibility")
        if visibility not in {"public", "private", "internal"}:
            return
        self.cursor["visibility"] = visibility
        if before == "public" and visibility != "public":
            self._signal(
                visibility,
                kinds.SignalKind.WITHDRAWAL,
                kinds.Direction.WEAKENS,
                f"{self.name} is no longer public on GitHub.",
                (f"visibility: {before} before, {visibility} now",),
                answer,
            )

    def _signal(
        self, what: str, kind: str, direction: str, summary: str, observed: tuple[str, ...], answer: Answer
    ) -> None:
        on = self.gathering.now.date()
        draft = drafting.signal(
            row_key("github", self.name, what, on.isoformat()),
            vendor=self.subjects.slug,
            family=self.subjects.family(self.name),
            kind=kind,
            on=on,
            direction=direction,
            severity=3 if kind == kinds.SignalKind.WITHDRAWAL else 2,
            summary=summary,
            citation=Citation(self.page, f"{self.name} on GitHub", PUBLISHER),
            observed=observed,
            snapshots=(self.gathering.capture(answer),),
        )
        self.gathering.drafts.append(draft)

    def _measure(self, stars: int | None) -> None:
        """Once a calendar month."""
        month, family = f"{self.gathering.now:%Y-%m}", self.subjects.family(self.name)
        if stars is None or family is None or self.cursor.get("measured") == month:
            return
        self.cursor["measured"] = month
        draft = drafting.reach(
            vendor=self.subjects.slug,
            family=family,
            on=self.gathering.now.date(),
            metric=kinds.Metric.GITHUB_STARS,
            value=stars,
            citation=Citation(self.page, f"GitHub: stars of {self.name}", PUBLISHER),
        )
        self.gathering.drafts.append(draft)

    # What is missing ----------------------------------------------------------------------------

    def note_absence(self, answer: Answer) -> None:
        """Counts when another address of the same repository refuses as well, while another repository opens."""
        proof = self.gathering.feed.options.get("proof_repository", PROOF_REPOSITORY)
        again, other = self._try(self.repository("/releases")), self._try(self.repository(name=proof))
        if again is None or again.status not in GONE or other is None or other.status != 200:
            self.gathering.warn(f"{self.name} was not found, but nothing proves that GitHub answers us.")
            return
        if self.cursor.get("gone") or "id" not in self.cursor:
            return
        looks = self.cursor["missing"] = absence.noted(self.cursor.get("missing", []), self.gathering.now)
        if absence.is_established(looks):
            self.cursor["gone"] = True
            self._draft_withdrawal(looks, answer)

    def _draft_withdrawal(self, looks: list[str], answer: Answer) -> None:
        first = datetime.fromisoformat(looks[0]).date()
        why = "for legal reasons " if answer.status == 451 else ""
        draft = drafting.signal(
            row_key("github", self.name, "withdrawal", first.isoformat()),
            vendor=self.subjects.slug,
            family=self.subjects.family(self.name),
            kind=kinds.SignalKind.WITHDRAWAL,
            on=first,
            direction=kinds.Direction.WEAKENS,
            severity=3,
            summary=f"{self.name} is {why}no longer public on GitHub.",
            citation=Citation(self.page, f"{self.name} on GitHub", PUBLISHER),
            observed=(absence.in_words(looks), f"last answer: {GONE[answer.status]}", "another repository opened"),
            credibility=kinds.Credibility.PROBABLY_TRUE,
            snapshots=(self.gathering.capture(answer),),
        )
        self.gathering.drafts.append(draft)

    # The license --------------------------------------------------------------------------------

    def at_license(self) -> None:
        path = text(self.gathering.feed.options.get("license_path"), 200)
        rest = f"/contents/{quote(path)}" if path else "/license"
        answer = self._try(self.repository(rest), etag=self.cursor.get("license_etag"))
        if answer is None or answer.not_modified:
            return
        if answer.status == 404:
            if self.cursor.get("license_text"):
                self.gathering.warn(f"{self.name}: its license file is gone.")
            return
        try:
            row = mapping(answer.expect_ok().json())
        except BadAnswer as error:
            self.gathering.warn(str(error))
            return
        raw = _content(row)
        if raw is None:
            self.gathering.warn(f"{self.name}: its license file could not be read.")
            return
        self._compare_license(row, answer, raw)

    def _compare_license(self, row: dict[str, Any], answer: Answer, raw: bytes) -> None:
        before, tag_before = self.cursor.get("license_text", ""), self.cursor.get("license", "")
        after, tag = license_files.capture_text(self.gathering, answer, raw), _spdx(row)
        self.cursor.update(license_etag=answer.etag, license_text=after, license=tag or tag_before)
        snapshots = (before, after) if before and before != after else ()
        change = license_files.difference(self.gathering, *snapshots) if snapshots else None
        has_new_tag = bool(tag and tag_before and tag != tag_before)
        if has_new_tag or (snapshots and (change is None or change.verdict is not Verdict.COSMETIC)):
            former = tag_before if has_new_tag else tag
            self._draft_license(former, tag, change, snapshots, text(row.get("path")) or "LICENSE")

    def _draft_license(
        self, former: str, tag: str, change: Redline | None, snapshots: tuple[str, ...], path: str
    ) -> None:
        old, new = self.subjects.license(former), self.subjects.license(tag)
        by_tag = direction_between(old, new) if former != tag else ""
        commit = self._last_commit(path)
        on = commit.on.date() if commit else self.gathering.now.date()
        observed = license_files.in_words(change) if snapshots else ()
        if former != tag:
            observed = (f"license: {former} before, {tag} now", *observed)
        if commit:
            observed = (*observed, f"commit {commit.sha}: {commit.subject}")
        scope = self.gathering.feed.options.get("scope")
        draft = drafting.license_change(
            row_key("github", self.name, on.isoformat(), (commit.sha if commit else snapshots[-1])[:8]),
            vendor=self.subjects.slug,
            family=self.subjects.family(self.name),
            asset=f"{self.name} {path}",
            from_license=old.key if old else "",
            to_license=new.key if new else "",
            on=on,
            direction=by_tag or license_files.direction(change),
            scope=scope if scope in SCOPES else kinds.ChangeScope.CODE,
            citation=Citation(commit.page if commit else self.page, f"{self.name}: {path}", PUBLISHER),
            observed=observed,
            is_machine_verified=bool(by_tag),
            snapshots=snapshots,
        )
        self.gathering.drafts.append(draft)

    def _last_commit(self, path: str) -> "Commit | None":
        """The newest one since the last look that touched the file."""
        query = {"path": path, "per_page": 100}
        if self.gathering.last_look is not None:
            query["since"] = f"{self.gathering.last_look:%Y-%m-%dT%H:%M:%SZ}"
        answer = self._try(self.repository(f"/commits?{urlencode(query)}"))
        try:
            found = rows(answer.expect_ok().json()) if answer else []
        except BadAnswer as error:
            self.gathering.warn(str(error))
            return None
        commits = [commit for commit in map(Commit.read, found) if commit and commit.on <= self.gathering.now]
        return max(commits, key=lambda commit: commit.on, default=None)

    # Releases -----------------------------------------------------------------------------------

    def at_releases(self) -> None:
        answer = self._try(self.repository("/releases?per_page=30"), etag=self.cursor.get("releases_etag"))
        if answer is None or answer.not_modified:
            return
        try:
            found = rows(answer.expect_ok().json())
        except BadAnswer as error:
            self.gathering.warn(str(error))
            return
        self.cursor["releases_etag"] = answer.etag
        snapshot = self.gathering.capture(answer) if found else ""
        self.gathering.seen += [seen for seen in (self._seen(row, snapshot) for row in found) if seen]

    def _seen(self, row: dict[str, Any], snapshot: str) -> Seen | None:
        number, tag = whole(row.get("id")), text(row.get("tag_name"), 100)
        if number is None or not tag or row.get("draft") is True:
            return None
        published = moment(row.get("published_at"))
        kind = "pre-release" if row.get("prerelease") is True else "release"
        url = text(row.get("html_url"))
        return Seen(
            identity=f"github-release-{number}",
            title=f"{self.name}: {kind} {text(row.get('name'), 300) or tag}",
            url=url if url.startswith("https://") else f"{self.page}/releases",
            summary=text(row.get("body"), 2000),
            publisher=PUBLISHER,
            published_on=published.date() if published else None,
            snapshot=snapshot,
        )

    def _try(self, url: str, *, etag: str | None = None) -> Answer | None:
        return self.gathering.attempt(url, headers=HEADERS, etag=etag)


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    on: datetime
    subject: str
    page: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Commit | None":
        commit = mapping(row.get("commit"))
        sha, on = text(row.get("sha"), 40), moment(mapping(commit.get("committer")).get("date"))
        page = text(row.get("html_url"))
        if not re.fullmatch(r"[0-9a-f]{40}", sha) or on is None or not page.startswith("https://"):
            return None
        message = commit.get("message")
        return cls(sha, on, text(message.split("\n", 1)[0], 120) if isinstance(message, str) else "", page)


def _content(row: dict[str, Any]) -> bytes | None:
    """None if the answer carries no file: a folder, or a file too large to be packed into it."""
    packed = row.get("content")
    if row.get("encoding") != "base64" or not isinstance(packed, str) or not packed.strip():
        return None
    try:
        return b64decode(packed) or None
    except (NotBase64, ValueError):
        return None


def _spdx(row: dict[str, Any]) -> str:
    """ "" when GitHub does not know the text: most licenses of weights."""
    spdx_id = text(mapping(row.get("license")).get("spdx_id"), 80)
    return "" if spdx_id == "NOASSERTION" else spdx_id
