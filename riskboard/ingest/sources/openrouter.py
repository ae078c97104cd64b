"""OpenRouter's list of hosted models: prices, ends, and which models of a vendor have no open weights.

One feed for all vendors. Options: ``first_look_days`` (how new a model must be to count as news at the first look).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from riskboard.catalog.models import Vendor
from riskboard.ingest.client import Answer, BadAnswer, Client
from riskboard.ingest.drafts import Catch, SeenOffer
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import absence
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.hosted_changes import LEAST_CHANGE, Observer, price_shift
from riskboard.ingest.sources.hosted_model import (
    CLOSED,
    OPEN,
    Endpoint,
    HostedModel,
    endpoints,
    is_whole,
    vendors_by_author,
)
from riskboard.ingest.sources.shapes import decimal, mapping, text
from riskboard.ingest.sources.subjects import Subjects

TOKEN_ENV = "OPENROUTER_TOKEN"  # noqa: S105 - the name of the variable
MOST_PAGES = 20
MOST_REQUESTS = 45
FIRST_LOOK_DAYS = 30
KEPT_PRICES = 24


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError when the list cannot be read whole; what else fails is a warning and is tried again."""
    gathering = Gathering.begin(client, feed, now, token_env=TOKEN_ENV, most_requests=MOST_REQUESTS)
    look = _Look(gathering)
    listed = look.listing()
    for model in listed:
        look.at(model)
    look.note_missing({model.name for model in listed})
    look.find_closed_flagships(listed)
    look.ask_hosts(listed)
    gathering.cursor["looked_at"] = now.isoformat()
    return gathering.catch()


@dataclass(slots=True)
class _Look:
    gathering: Gathering
    answers: list[Answer] = field(default_factory=list)
    is_whole: bool = True
    new: set[str] = field(default_factory=set)
    vendors: dict[str, Vendor] = field(default_factory=dict)
    observers: dict[str, Observer] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return str(settings.OPENROUTER_URL).rstrip("/")

    @property
    def known(self) -> dict[str, Any]:
        found: dict[str, Any] = self.gathering.cursor.setdefault("models", {})
        return found

    def observer(self, name: str) -> Observer:
        """Of the vendor who made the model."""
        vendor = self.vendors[name.split("/", 1)[0].lower()]
        if vendor.slug not in self.observers:
            self.observers[vendor.slug] = Observer(Subjects(vendor), self.base, self.gathering.now)
        return self.observers[vendor.slug]

    def pages_naming(self, name: str) -> tuple[str, ...]:
        """The pages of the list that name the model, kept as evidence; all of them if none does."""
        quoted = f'"{name}"'.encode()
        naming = [answer for answer in self.answers if quoted in answer.body]
        return tuple(self.gathering.capture(answer) for answer in naming or self.answers)

    # Listing ------------------------------------------------------------------------------------

    def listing(self) -> list[HostedModel]:
        """The models of vendors we know; never aliases or variants."""
        self.vendors = vendors_by_author(list(Vendor.objects.order_by("slug")))
        url, found, pages = f"{self.base}/api/v1/models", dict[str, HostedModel](), list[dict[str, Any]]()
        for _ in range(MOST_PAGES):
            answer = self.gathering.get(url).expect_ok()
            body = mapping(answer.json())
            listed = body.get("data")
            if not isinstance(listed, list) or not listed:
                raise BadAnswer(
                    f"{self.base} did not answer with a list of models.", "wrong_shape", status=answer.status
                )
            self.answers.append(answer)
            pages.append(body)
            for model in filter(None, (HostedModel.read(row) for row in listed if isinstance(row, dict))):
                if not model.is_variant and model.author in self.vendors:
                    found[model.name] = model
            url = self._next(body, answer)
            if not url:
                self.is_whole = is_whole(pages)
                return list(found.values())
        raise BadAnswer(f"{self.base} lists more than {MOST_PAGES} pages of models.", "too_many_pages")

    def _next(self, body: dict[str, Any], answer: Answer) -> str:
        """Of OpenRouter itself only, since our token goes with it."""
        link = text(mapping(body.get("links")).get("next"), 1000)
        url = urljoin(answer.url, link) if link else ""
        if url and not url.startswith(f"{self.base}/"):
            raise BadAnswer("The next page lies on another host.", "wrong_shape", status=answer.status)
        return url

    # One model ----------------------------------------------------------------------------------

    def at(self, model: HostedModel) -> None:
        state = self.known.get(model.name)
        if state is None:
            self.known[model.name] = state = {"prices": [], "base": None, "ends_on": "", "hosts": {}, "asked_at": ""}
            self.new.add(model.name)
        state.update(
            title=model.title, missing=[], gone=False, repository=model.repository or state.get("repository", "")
        )
        state["weights"] = model.weights or state.get("weights", "")
        self._compare_price(model, state)
        self._compare_end(model, state)

    def _compare_price(self, model: HostedModel, state: dict[str, Any]) -> None:
        """With the price that was last reported, so that small steps add up; unknown prices are not compared."""
        if model.prompt is None and model.completion is None:
            return
        now = [_written(model.prompt), _written(model.completion)]
        state["prices"] = with_price(state["prices"], self.gathering.now, now)
        if state["base"] is None:
            state["base"] = now
            return
        before = (decimal(state["base"][0]), decimal(state["base"][1]))
        shift = price_shift(before, (model.prompt, model.completion))
        if abs(shift) >= LEAST_CHANGE:
            draft = self.observer(model.name).price(model, before, shift, self.pages_naming(model.name))
            self.gathering.drafts.append(draft)
            state["base"] = now
        else:
            state["base"] = [new if old is None else old for old, new in zip(state["base"], now, strict=True)]

    def _compare_end(self, model: HostedModel, state: dict[str, Any]) -> None:
        if model.ends_on is None:
            state["ends_on"] = ""
        elif state["ends_on"] != model.ends_on.isoformat():
            state["ends_on"] = model.ends_on.isoformat()
            if model.ends_on >= self.gathering.now.date():
                draft = self.observer(model.name).ending(model, model.ends_on, self.pages_naming(model.name))
                self.gathering.drafts.append(draft)

    def note_missing(self, listed: set[str]) -> None:
        """Hosted access ended: an event of its own, which says nothing about weights."""
        if not self.is_whole:
            self.gathering.warn("Part of the list could not be read: nothing counts as missing.")
            return
        for name, state in self.known.items():
            if name in listed or state["gone"] or name.split("/", 1)[0].lower() not in self.vendors:
                continue
            state["missing"] = absence.noted(state["missing"], self.gathering.now)
            if absence.is_established(state["missing"]):
                state["gone"] = True
                self._end_offers(name, state, state["missing"])
                draft = self.observer(name).ended(
                    name,
                    state["title"],
                    state["weights"],
                    state["missing"],
                    "it is no longer listed",
                    self.pages_naming(name),
                )
                self.gathering.drafts.append(draft)

    # Closed flagships ---------------------------------------------------------------------------

    def find_closed_flagships(self, listed: list[HostedModel]) -> None:
        """A new model without weights, as dear as its vendor's dearest with weights and all of its last half year."""
        for model in listed:
            if model.name not in self.new or model.weights != CLOSED or not model.writes_text:
                continue
            siblings = [each for each in listed if self.vendors[each.author] == self.vendors[model.author]]
            dearest = max(_priced(siblings, OPEN), key=_completion, default=None)
            if dearest is None or model.completion is None or not self._is_news(model):
                continue
            is_dearest = all(_completion(each) <= model.completion for each in self._contemporaries(model, siblings))
            if is_dearest and model.completion >= _completion(dearest):
                draft = self.observer(model.name).closed_flagship(model, dearest, self.pages_naming(model.name))
                self.gathering.drafts.append(draft)

    def _contemporaries(self, model: HostedModel, siblings: list[HostedModel]) -> list[HostedModel]:
        """What its vendor brought out in the half year before it."""
        half_year = timedelta(days=182).total_seconds()
        return [each for each in siblings if each.completion is not None and _age(model) - _age(each) <= half_year]

    def _is_news(self, model: HostedModel) -> bool:
        if self.gathering.last_look is not None:
            return True
        days = self.gathering.feed.options.get("first_look_days", FIRST_LOOK_DAYS)
        return model.created_at is not None and self.gathering.now - model.created_at <= timedelta(days=days)

    # Hosts --------------------------------------------------------------------------------------

    def ask_hosts(self, listed: list[HostedModel]) -> None:
        """Of models with open weights that the catalog knows: who hosts them. The longest unasked first."""
        catalog = Subjects(None)
        wanted = [model for model in listed if model.repository and catalog.release(model.repository)]
        for model in sorted(wanted, key=lambda model: self.known[model.name]["asked_at"]):
            answer = self.gathering.attempt(f"{self.base}/api/v1/models/{model.name}/endpoints")
            if answer is None:
                return
            found = self._endpoints(answer)
            if found is not None:
                self._note_hosts(model, found[0], answer, is_whole=found[1])

    def _endpoints(self, answer: Answer) -> tuple[list[Endpoint], bool] | None:
        try:
            found = endpoints(answer.expect_ok().json())
        except BadAnswer as error:
            self.gathering.warn(str(error))
            return None
        if found is None:
            self.gathering.warn(f"{answer.url} did not answer with endpoints.")
        return found

    def _note_hosts(self, model: HostedModel, found: list[Endpoint], answer: Answer, *, is_whole: bool) -> None:
        state, now = self.known[model.name], self.gathering.now
        state["asked_at"] = now.isoformat()
        hosts = state["hosts"]
        had_hosts = any(not host["ended_on"] for host in hosts.values())
        for endpoint in found:
            hosts[endpoint.host] = {"missing": [], "ended_on": ""}
            self.gathering.offers.append(_offer(model, endpoint))
        for name in hosts.keys() - {endpoint.host for endpoint in found} if is_whole else ():
            hosts[name]["missing"] = absence.noted(hosts[name]["missing"], now)
            if absence.is_established(hosts[name]["missing"]) and not hosts[name]["ended_on"]:
                self._end_offers(model.name, {**state, "hosts": {name: hosts[name]}}, hosts[name]["missing"])
        if had_hosts and all(host["ended_on"] for host in hosts.values()):
            looks = max((host["missing"] for host in hosts.values()), key=lambda looks: looks[0])
            draft = self.observer(model.name).ended(
                model.name,
                model.title,
                model.weights,
                looks,
                "no host offers it any more",
                (self.gathering.capture(answer),),
            )
            self.gathering.drafts.append(draft)

    def _end_offers(self, name: str, state: dict[str, Any], looks: list[str]) -> None:
        """Of every host in ``state`` that still stood, on the first day on which it was not found."""
        on = looks[0][:10]
        for host, known in state["hosts"].items():
            if not known["ended_on"]:
                known["ended_on"] = on
                ended = SeenOffer(name, host, state["repository"], ended_on=date.fromisoformat(on))
                self.gathering.offers.append(ended)


def _offer(model: HostedModel, endpoint: Endpoint) -> SeenOffer:
    return SeenOffer(
        listing=model.name,
        host=endpoint.host,
        repository=model.repository,
        status=endpoint.status,
        prompt=endpoint.prompt,
        completion=endpoint.completion,
        ends_on=endpoint.ends_on or model.ends_on,
    )


def with_price(history: list[list[str | None]], now: datetime, prices: list[str | None]) -> list[list[str | None]]:
    """A price joins the history when it differs from the last one."""
    if history and history[-1][1:] == prices:
        return history
    return [*history, [now.date().isoformat(), *prices]][-KEPT_PRICES:]


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _priced(models: Iterable[HostedModel], weights: str) -> list[HostedModel]:
    return [
        model for model in models if model.weights == weights and model.completion is not None and model.writes_text
    ]


def _completion(model: HostedModel) -> Decimal:
    return model.completion or Decimal(0)


def _age(model: HostedModel) -> float:
    """Of creation, as a number that grows; unknown is old."""
    return model.created_at.timestamp() if model.created_at else 0.0
