"""The Hugging Face hub, one organization a feed: ``address`` is its handle.

Options: ``first_look_days`` (how new a repository must be to count as news at the first look), ``proof_repository``
(a public one, to prove the token with).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from riskboard.ingest.client import Answer, BadAnswer, Client
from riskboard.ingest.drafts import Catch, SeenOffer
from riskboard.ingest.licenserules import Verdict
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import absence, license_files
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.hub_changes import Observer
from riskboard.ingest.sources.hub_repository import EXPANDED, Repository
from riskboard.ingest.sources.shapes import mapping, rows, text
from riskboard.ingest.sources.subjects import Subjects

TOKEN_ENV = "HUGGINGFACE_TOKEN"  # noqa: S105 - the name of the variable
PER_PAGE = 100
MOST_PAGES = 40
MOST_REQUESTS = 120
MOST_MISSING = 20  # repositories asked for one by one in one look
FIRST_LOOK_DAYS = 30
LONG_AGO = timedelta(days=90)
PROOF_REPOSITORY = "openai-community/gpt2"
NOTHING_KNOWN: dict[str, Any] = {
    "license": "",
    "license_name": "",
    "gated": "",
    "hosted": {},  # inference provider -> looks that did not find it
    "sha": "",  # the commit whose license file was looked at last
    "file": "",
    "etag": "",
    "text": "",  # sha256 of the last license text read
    "missing": [],  # looks that did not find it
    "asked_at": "",
    "gone": False,
}
NEXT = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?')
ORGANIZATION = re.compile(r"[A-Za-z0-9][\w.-]{0,95}\Z")
DISABLED = "access to this resource is disabled"


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError when the organization cannot be listed; what else fails is a warning and is tried again."""
    gathering = Gathering.begin(client, feed, now, token_env=TOKEN_ENV, most_requests=MOST_REQUESTS)
    look = _Look(gathering, Subjects(feed.vendor))
    listed = look.listing()
    look.ask_for_missing({repository.name for repository in listed})
    for repository in sorted(listed, key=look.urgency):
        look.at(repository)
    look.measure(listed)
    gathering.cursor["looked_at"] = now.isoformat()
    return gathering.catch()


@dataclass(slots=True)
class _Look:
    gathering: Gathering
    subjects: Subjects
    proof: bool | None = None  # did the token open another repository in this look

    @property
    def base(self) -> str:
        return str(settings.HUGGINGFACE_URL).rstrip("/")

    @property
    def known(self) -> dict[str, Any]:
        found: dict[str, Any] = self.gathering.cursor.setdefault("repositories", {})
        return found

    @property
    def observer(self) -> Observer:
        return Observer(self.subjects, self.base, self.gathering.now, self.gathering.last_look)

    def urgency(self, repository: Repository) -> tuple[bool, float]:
        """Known releases first, then the newest: license texts are read until this look's requests are used up."""
        created = repository.created_at.timestamp() if repository.created_at else 0.0
        return self.subjects.release(repository.name) is None, -created

    # Listing ------------------------------------------------------------------------------------

    def listing(self) -> list[Repository]:
        """Every public repository. Raises FetchError if a page of the list cannot be read: half a list is none."""
        organization = self.gathering.feed.address.strip()
        if not ORGANIZATION.match(organization):
            raise BadAnswer(f"{organization!r} is not the handle of an organization.")
        query = {"author": organization, "sort": "createdAt", "limit": PER_PAGE, "expand": EXPANDED}
        url = f"{self.base}/api/models?{urlencode(query, doseq=True)}"
        found: dict[str, Repository] = {}
        for _ in range(MOST_PAGES):
            answer = self.gathering.get(url).expect_ok()
            page = answer.json()
            if not isinstance(page, list):
                raise BadAnswer(f"{self.base} did not answer with a list.", "wrong_shape", status=answer.status)
            for repository in filter(None, map(Repository.read, rows(page))):
                found[repository.name] = repository
            url = self._next(answer)
            if not url:
                return [repository for repository in found.values() if not repository.is_hidden]
        raise BadAnswer(f"{organization} has more than {MOST_PAGES * PER_PAGE} repositories.", "too_many_pages")

    def _next(self, answer: Answer) -> str:
        """The address of the next page: of the hub itself only, since our token goes with it."""
        link = NEXT.search(answer.headers.get("link", ""))
        url = link[1] if link else ""
        if url and not url.startswith(f"{self.base}/"):
            raise BadAnswer("The next page lies on another host.", "wrong_shape", status=answer.status)
        return url

    # One repository -----------------------------------------------------------------------------

    def at(self, repository: Repository) -> None:
        state = self.known.get(repository.name)
        if state is None:
            self.known[repository.name] = state = {**NOTHING_KNOWN, "gated": repository.gated, **_tag(repository)}
            self._draft_release(repository)
        self._draft_gating(repository, state)
        self._draft_license(repository, state)
        self._note_hosts(repository, state)
        # What the hub did not say this time stays as it was known.
        state |= _tag(repository) if repository.license else {}
        state |= {"gated": repository.gated or state["gated"], "missing": [], "gone": False}

    def _draft_release(self, repository: Repository) -> None:
        if repository.is_variant or self.subjects.release(repository.name) is not None:
            return
        created, last, now = repository.created_at, self.gathering.last_look, self.gathering.now
        if created is None or created > now:
            if not self.gathering.is_first:
                self.gathering.warn(f"{repository.name} is new in the list, but when it was created is not known.")
            return
        observed = [
            f"created on {created:%Y-%m-%d}",
            f"gated: {repository.gated or 'unknown'}",
            f"license: {repository.license_in_words}",
        ]
        if last is None:
            days = self.gathering.feed.options.get("first_look_days", FIRST_LOOK_DAYS)
            if now - created <= timedelta(days=days):
                self._draft_release_on(repository, created.date(), observed)
        elif created > last:
            self._draft_release_on(repository, created.date(), observed)
        elif last - created <= LONG_AGO:
            observed.append(f"not listed when we looked on {last:%Y-%m-%d}: it was made public later")
            self._draft_release_on(repository, now.date(), observed)
        else:
            self.gathering.warn(f"{repository.name} is new in the list, but was created on {created:%Y-%m-%d}.")

    def _draft_release_on(self, repository: Repository, day: date, observed: list[str]) -> None:
        self.gathering.drafts.append(self.observer.release(repository, day, tuple(observed)))

    def _draft_gating(self, repository: Repository, state: dict[str, Any]) -> None:
        if repository.gated and state["gated"] and repository.gated != state["gated"]:
            snapshot = self._capture_about(repository.name)
            self.gathering.drafts.append(self.observer.gating(repository, state["gated"], snapshot))

    def _capture_about(self, name: str) -> str:
        """The hub's answer about one repository, as evidence; "" if it would not give one."""
        answer = self.gathering.attempt(f"{self.base}/api/models/{name}")
        return self.gathering.capture(answer) if answer and answer.status == 200 else ""

    # Hosts --------------------------------------------------------------------------------------

    def _note_hosts(self, repository: Repository, state: dict[str, Any]) -> None:
        """A provider that is not listed any more is gone as late as a repository would be."""
        if repository.hosts is None:
            return
        hosted = state.setdefault("hosted", {})
        for host, status in repository.hosts.items():
            hosted[host] = []
            self.gathering.offers.append(SeenOffer(repository.name, host, repository.name, status))
        for host in hosted.keys() - repository.hosts.keys():
            hosted[host] = absence.noted(hosted[host], self.gathering.now)
        self._end_offers(repository.name, hosted)

    def _end_offers(self, name: str, hosted: dict[str, list[str]]) -> None:
        """Of what is established as missing; the last one of them is an event."""
        ended = [host for host, looks in sorted(hosted.items()) if absence.is_established(looks)]
        looks = [hosted.pop(host) for host in ended]
        for host, missed in zip(ended, looks, strict=True):
            on = date.fromisoformat(missed[0][:10])
            self.gathering.offers.append(SeenOffer(name, host, name, ended_on=on))
        if ended and not hosted and self.subjects.release(name) is not None:
            self.gathering.drafts.append(self.observer.hosting_ended(name, max(looks, key=lambda each: each[0])))

    # License texts ------------------------------------------------------------------------------

    def _draft_license(self, repository: Repository, state: dict[str, Any]) -> None:
        """What became of tag and text is one change. The text is read again when the repository moved on."""
        before = state["text"]
        text_now = self._read_text(repository, state) if self._needs_reading(repository, state) else None
        tag_before = (state["license"], state["license_name"])
        has_new_tag = bool(repository.license and tag_before[0]) and _tag(repository) != _tag_of(state)
        snapshots = (before, text_now) if before and text_now and text_now != before else ()
        change = license_files.difference(self.gathering, *snapshots) if snapshots else None
        is_cosmetic = change is not None and change.verdict is Verdict.COSMETIC
        if has_new_tag or (snapshots and not is_cosmetic):
            former = tag_before if has_new_tag else (repository.license, repository.license_name)
            draft = self.observer.license_change(repository, former, text=change, snapshots=snapshots)
            self.gathering.drafts.append(draft)
        if text_now is not None:
            note = " ".join(license_files.in_words(change)) if is_cosmetic else ""
            revision = self.observer.revision(repository, text_now, note)
            self.gathering.drafts += [revision] if revision else []

    def _needs_reading(self, repository: Repository, state: dict[str, Any]) -> bool:
        return bool(repository.sha) and repository.sha != state["sha"] and not repository.is_variant

    def _read_text(self, repository: Repository, state: dict[str, Any]) -> str | None:
        """The hash of the license file at this commit, "" if there is none for us; None: ask again next time."""
        found = self._find_text(repository, state)
        if found is not None:
            state["sha"] = repository.sha
            state["text"] = found or state["text"]
        return found

    def _find_text(self, repository: Repository, state: dict[str, Any]) -> str | None:
        for name in license_files.names_to_try(state["file"], repository.license_link):
            etag = state["etag"] if name == state["file"] else None
            answer = self.gathering.attempt(f"{self.base}/{repository.name}/resolve/{repository.sha}/{name}", etag=etag)
            code = answer.headers.get("x-error-code", "") if answer else ""
            if answer is None or code == "GatedRepo":
                return None if answer is None else ""
            if answer.not_modified:
                return str(state["text"])
            if answer.status == 200:
                return self._keep_text(repository, state, name, answer)
            if code != "EntryNotFound":
                self.gathering.warn(f"{repository.name}: its license file answered with status {answer.status}.")
                return None
        if state["file"]:
            self.gathering.warn(f"{repository.name}: its license file {state['file']} is gone.")
            state |= {"file": "", "etag": ""}
        return ""

    def _keep_text(self, repository: Repository, state: dict[str, Any], name: str, answer: Answer) -> str | None:
        if not license_files.is_license_text(answer):
            self.gathering.warn(f"{repository.name}: {name} holds no license text.")
            return None
        commit = answer.headers.get("x-repo-commit", repository.sha)
        if commit != repository.sha:
            self.gathering.warn(f"{repository.name}: {name} was answered from commit {commit[:12]}.")
            return None
        state |= {"file": name, "etag": answer.etag}
        return license_files.capture_text(self.gathering, answer)

    # What is missing ----------------------------------------------------------------------------

    def ask_for_missing(self, listed: set[str]) -> None:
        """Each known repository that is not in the list is asked for by name: a list alone proves nothing."""
        missing = sorted(
            (name for name in self.known if name not in listed and not self.known[name].get("gone")),
            key=lambda name: (self.subjects.release(name) is None, self.known[name]["asked_at"]),
        )[:MOST_MISSING]
        for name in missing:
            answer = self.gathering.attempt(f"{self.base}/api/models/{name}")
            if answer is None:
                continue
            self.known[name]["asked_at"] = self.gathering.now.isoformat()
            if answer.status == 200:
                self._found_after_all(name, answer)
            elif refusal := refused_as_missing(answer):
                self._note_absence(name, answer, refusal, listed)
            else:
                self.gathering.warn(f"{name} answered with status {answer.status}: that says nothing about it.")

    def _found_after_all(self, name: str, answer: Answer) -> None:
        try:
            found = text(mapping(answer.json()).get("id"))
        except BadAnswer:
            return
        self.known[name]["missing"] = []
        if found and found != name:
            self.gathering.cursor.setdefault("aliases", {})[name] = found
            self.gathering.warn(f"{name} is now called {found}.")
            self.known.setdefault(found, self.known[name])
            del self.known[name]

    def _note_absence(self, name: str, answer: Answer, refusal: str, listed: set[str]) -> None:
        if not self._token_is_proven(listed):
            self.gathering.warn(f"{name} was not found, but without a proven token that says nothing.")
            return
        state = self.known[name]
        state["missing"] = absence.noted(state["missing"], self.gathering.now)
        if absence.is_established(state["missing"]):
            state["gone"] = True
            self._end_hosting(name, state)
            snapshot = self.gathering.capture(answer)
            self.gathering.drafts.append(self.observer.withdrawal(name, state["missing"], refusal, snapshot))

    def _end_hosting(self, name: str, state: dict[str, Any]) -> None:
        """With the repository, what the hub says of its hosts is gone: the withdrawal is the event."""
        on = date.fromisoformat(state["missing"][0][:10])
        ended = state.get("hosted", {})
        self.gathering.offers += [SeenOffer(name, host, name, ended_on=on) for host in sorted(ended)]
        state["hosted"] = {}

    def _token_is_proven(self, listed: set[str]) -> bool:
        """It opens another repository, in this very look."""
        if self.gathering.token is None:
            return False
        if self.proof is None:
            usual = self.gathering.feed.options.get("proof_repository", PROOF_REPOSITORY)
            answer = self.gathering.attempt(f"{self.base}/api/models/{min(listed, default=usual)}")
            self.proof = answer is not None and _names_itself(answer)
        return self.proof

    # Reach --------------------------------------------------------------------------------------

    def measure(self, listed: list[Repository]) -> None:
        """Once a calendar month."""
        month = f"{self.gathering.now:%Y-%m}"
        if listed and self.gathering.cursor.get("measured") != month:
            self.gathering.drafts += self.observer.reach(listed)
            self.gathering.cursor["measured"] = month


def refused_as_missing(answer: Answer) -> str:
    """How the hub says that a repository is not there, or "". A bad token is refused in another way."""
    code, message = answer.headers.get("x-error-code", ""), answer.headers.get("x-error-message", "").lower()
    if "invalid" in message and ("credential" in message or "token" in message):
        return ""
    if answer.status == 401 and code == "RepoNotFound":
        return "401 RepoNotFound"
    if answer.status == 403 and (code == "DisabledRepo" or message.startswith(DISABLED)):
        return "403 DisabledRepo"
    if answer.status == 404 and code in {"", "RepoNotFound"}:
        return "404"
    return ""


def _names_itself(answer: Answer) -> bool:
    try:
        return answer.status == 200 and bool(text(mapping(answer.json()).get("id")))
    except BadAnswer:
        return False


def _tag(repository: Repository) -> dict[str, str]:
    return {"license": repository.license, "license_name": repository.license_name}


def _tag_of(state: dict[str, Any]) -> dict[str, str]:
    return {"license": state["license"], "license_name": state["license_name"]}
