import re
from datetime import date

import pytest
from django.test import Client
from django.utils.http import urlencode

from tests import cast

TRACKED = {"utm_source": "news", "utm_campaign": "a b", "gclid": "1", "fbclid": "2", "mc_cid": "3", "mc_eid": "4"}
TRACES = re.compile(r"href=\"[^\"]*[?;&](?:utm_\w+|gclid|fbclid|mc_cid|mc_eid)=")


@pytest.fixture
def player(db: None) -> cast.Player:
    player = cast.keeper()
    for number in range(60):  # more than a page
        cast.make_signal(player.vendor, "funding", date(2025, 1, 1), summary=f"Round {number}")
    return player


PAGES = ["/", "/vendors/", "/signals/", "/signals/?kind=funding", "/data/", "/compare/", "/vendors/{vendor}/"]


@pytest.mark.parametrize("page", [*PAGES, "/lines/{line}/", "/lines/{line}/?range=all"])
def test_what_follows_readers_is_passed_over_and_no_link_carries_it_on(
    client: Client, player: cast.Player, page: str
) -> None:
    address = page.format(vendor=player.vendor.slug, line=player.line.slug)
    answer = client.get(f"{address}{'&' if '?' in address else '?'}{urlencode(TRACKED)}")
    assert answer.status_code == 200
    assert not TRACES.search(re.sub(r'"[^"]*/sign-in/[^"]*"', "", answer.content.decode()))


def test_the_rest_of_the_question_is_answered(client: Client, player: cast.Player) -> None:
    said = client.get("/signals/?utm_source=news&kind=funding&page=2").content.decode()
    assert "51–60 of 60" in said
    assert client.get("/signals/?utm_source=news&kind=nonsense").status_code == 400


@pytest.mark.parametrize("name", ["ref", "utm", "source", "gclid2", "UTM_SOURCE"])
def test_what_resembles_it_is_refused(client: Client, db: None, name: str) -> None:
    answer = client.get("/vendors/", {name: "x"})
    assert answer.status_code == 400
    assert f"does not know the parameter “{name}”" in answer.content.decode()
