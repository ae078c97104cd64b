"""A stand-in for every place that is read, all at once: one town with a vendor, and what happens there on each day."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.ingest.stand_ins.bluesky import HANDLE, Bluesky, said
from tests.ingest.stand_ins.edgar import Edgar, filing
from tests.ingest.stand_ins.gdelt import Gdelt, article
from tests.ingest.stand_ins.github import TOKEN as GITHUB_TOKEN
from tests.ingest.stand_ins.github import GitHub
from tests.ingest.stand_ins.hacker_news import HackerNews, story
from tests.ingest.stand_ins.hub import TOKEN as HUB_TOKEN
from tests.ingest.stand_ins.hub import Hub, HubRepository, stamp
from tests.ingest.stand_ins.openrouter import OpenRouter
from tests.ingest.stand_ins.publisher import Publisher, channel, entry
from tests.ingest.stand_ins.reddit import CLIENT_ID, SECRET, Reddit, post
from tests.ingest.stand_ins.serving import Reply, StandIn, serving

ENVIRONMENT = {
    "HUGGINGFACE_TOKEN": HUB_TOKEN,
    "GITHUB_TOKEN": GITHUB_TOKEN,
    "REDDIT_CLIENT_ID": CLIENT_ID,
    "REDDIT_CLIENT_SECRET": SECRET,
}
NEWS = "/news.xml"
OWN_LICENSE = """Mistral License

1. Grant. We grant you a worldwide, royalty-free license to use, copy and distribute the weights{more}.

2. Term. The license ends when you breach it.
"""


@dataclass
class Everywhere:
    hub: Hub = field(default_factory=Hub)
    github: GitHub = field(default_factory=lambda: GitHub(full_name="mistralai/mistral-inference"))
    publisher: Publisher = field(default_factory=Publisher)
    hacker_news: HackerNews = field(default_factory=HackerNews)
    reddit: Reddit = field(default_factory=Reddit)
    bluesky: Bluesky = field(default_factory=Bluesky)
    gdelt: Gdelt = field(default_factory=Gdelt)
    edgar: Edgar = field(default_factory=lambda: Edgar(company="Mistral AI SA"))
    router: OpenRouter = field(default_factory=OpenRouter)

    @property
    def places(self) -> list[StandIn]:
        return [
            self.hub,
            self.github,
            self.publisher,
            self.hacker_news,
            self.reddit,
            self.bluesky,
            self.gdelt,
            self.edgar,
            self.router,
        ]

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "HUGGINGFACE_URL": self.hub.url,
            "GITHUB_URL": self.github.url,
            "OPENROUTER_URL": self.router.url,
            "HACKER_NEWS_URL": self.hacker_news.url,
            "REDDIT_URL": self.reddit.url,
            "REDDIT_API_URL": self.reddit.url,
            "BLUESKY_URL": self.bluesky.url,
            "GDELT_URL": self.gdelt.url,
            "SEC_DATA_URL": self.edgar.url,
            "SEC_SEARCH_URL": self.edgar.url,
            "ALLOWED_FETCH_ORIGINS": [place.url for place in self.places],
            "INGEST_USER_AGENT_CONTACT": "mailto:operator@example.org",
        }

    @property
    def feeds(self) -> Mapping[str, str]:
        """Connector -> the address of a feed of it."""
        return {
            "hugging_face": "mistralai",
            "github": self.github.full_name,
            "feeds": f"{self.publisher.url}{NEWS}",
            "hacker_news": "mistral",
            "reddit": "LocalLLaMA",
            "bluesky": HANDLE,
            "gdelt": "mistral (license OR price)",
            "sec_edgar": str(self.edgar.cik),
            "openrouter": "",
        }

    def fall_out(self, reply: Reply | None) -> None:
        """All answer with this from now on; None: as usual again."""
        for place in self.places:
            place.outage = reply

    def begin(self, now: datetime) -> None:
        """What is there when the board looks for the first time."""
        long_ago, lately = now - timedelta(days=400), now - timedelta(days=3)
        for name in ("Mistral-Large-3", "Mistral-Small-4"):
            self.hub.add(
                HubRepository(f"mistralai/{name}", stamp(long_ago), files={"LICENSE": OWN_LICENSE.format(more="")})
            )
        self.github.commit(long_ago, "Add LICENSE")
        self.github.release(1, "v1.0", lately)
        self.publisher.documents[NEWS] = channel(
            news("Mistral AI opens an office in Munich", lately), news("Ten recipes for autumn", lately)
        )
        self.hacker_news.stories.append(story(1, lately, "Mistral is a wind in the south of France"))
        self.reddit.posts.append(post("a1", lately, "Which Mistral quant for 24 GB?"))
        self.bluesky.entries.append(said("k1", lately, "Good morning from the Mistral team"))
        self.gdelt.articles.append(article(1, lately, "Mistral wind closes the ski lifts"))
        self.edgar.recent.append(filing(1, f"{lately:%Y-%m-%d}", items="2.02"))
        self.router.add("mistralai/mistral-large-3", long_ago, "0.000002", "0.000006", "mistralai/Mistral-Large-3")
        self.router.add("mistralai/mistral-small-4", long_ago, "0.0000001", "0.0000003", "mistralai/Mistral-Small-4")

    def change(self, now: datetime) -> None:
        """In each place something happens that bears on the vendor's openness."""
        hour_ago = now - timedelta(hours=1)
        large = self.hub.repositories["mistralai/Mistral-Large-3"]
        large.license, large.gated, large.commit = "other", "manual", "new terms"
        large.card = {"license_name": "mistral-research"}
        large.files = {"LICENSE": OWN_LICENSE.format(more=", for research only and not for commercial use")}
        self.hub.add(HubRepository("mistralai/Mistral-Large-4", stamp(hour_ago)))
        del self.hub.repositories["mistralai/Mistral-Small-4"]
        self.github.archived = True
        self.github.release(2, "v2.0", hour_ago)
        self.publisher.documents[NEWS] = channel(
            news("Mistral AI puts Mistral Large under a non-commercial research license", hour_ago),
            news("Mistral AI opens an office in Munich", now - timedelta(days=5)),
        )
        self.hacker_news.stories.append(story(2, hour_ago, "Mistral AI raises its API prices by 40 percent"))
        removed = "Mistral removed the weights of Mistral Small from Hugging Face"
        self.reddit.posts.insert(0, post("a2", hour_ago, removed))
        promise = "We promise: every Mistral model we train will be released with open weights under Apache 2.0"
        self.bluesky.entries.insert(0, said("k2", hour_ago, promise))
        self.gdelt.articles.append(article(2, hour_ago, "Mistral AI lays off a fifth of its staff"))
        self.edgar.recent.insert(0, filing(2, f"{hour_ago:%Y-%m-%d}", items="5.02"))
        self.router.models["mistralai/mistral-large-3"]["pricing"] = {"prompt": "0.000004", "completion": "0.000012"}


def news(title: str, on: datetime) -> str:
    return entry(title, f"https://mistral.example/{title.replace(' ', '-')}", guid=title, published=format_datetime(on))


@contextmanager
def everywhere(now: datetime) -> Iterator[Everywhere]:
    town = Everywhere()
    with ExitStack() as stack:
        for place in town.places:
            stack.enter_context(serving(place))
        town.begin(now)
        yield town
