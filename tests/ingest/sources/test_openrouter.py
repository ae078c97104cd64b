from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from riskboard.ingest.client import FetchError
from riskboard.ingest.drafts import Catch, Draft
from riskboard.ingest.hosting import offers
from riskboard.ingest.models import Feed, Host, Snapshot
from riskboard.ingest.sources.hosted_changes import price_shift
from tests.cast import make_family, make_line, make_release, make_vendor
from tests.ingest.stand_ins.openrouter import OpenRouter, endpoint
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import START, Watch, assert_fits_its_table, of_table, only

pytestmark = pytest.mark.django_db

LONG_AGO = START - timedelta(days=300)
HUB = "Qwen/Qwen3-32B"


@pytest.fixture
def router(settings: Settings) -> Iterator[OpenRouter]:
    with serving(OpenRouter()) as stand_in:
        settings.OPENROUTER_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        yield stand_in


@pytest.fixture
def watch(router: OpenRouter) -> Watch:
    vendor = make_vendor(slug="alibaba", name="Alibaba", hf_org="Qwen")
    family = make_family(slug="qwen", line=make_line(slug="alibaba-language", vendor=vendor), name="Qwen")
    make_release(slug="qwen3-32b", hf_repo=HUB, family=family)
    make_vendor(slug="mistral", name="Mistral", hf_org="mistralai")
    router.add("qwen/qwen3-32b", LONG_AGO, "0.0000004", "0.0000012", HUB)
    return Watch(Feed.objects.create(slug="openrouter", name="OpenRouter", connector="openrouter"))


def kinds(catch: Catch) -> list[str]:
    return [draft.fields["kind"] for draft in of_table(catch, "signals")]


# Prices -------------------------------------------------------------------------------------------


def test_the_first_look_starts_the_history_and_reports_no_price(router: OpenRouter, watch: Watch) -> None:
    assert watch.look().drafts == ()
    assert watch.feed.cursor["models"]["qwen/qwen3-32b"]["prices"] == [["2026-11-02", "0.0000004", "0.0000012"]]


@pytest.mark.parametrize(
    ("prompt", "completion", "kind", "direction"),
    [
        ("0.0000005", "0.0000012", "price_increase", "weakens"),
        ("0.0000004", "0.0000015", "price_increase", "weakens"),
        ("0.0000003", "0.0000012", "price_cut", "strengthens"),
        ("0", "0", "price_cut", "strengthens"),
    ],
)
def test_a_quarter_more_or_less_is_reported(
    router: OpenRouter, watch: Watch, prompt: str, completion: str, kind: str, direction: str
) -> None:
    watch.look()
    router.models["qwen/qwen3-32b"]["pricing"] = {"prompt": prompt, "completion": completion}
    draft = only(watch.look(hours=12), "signals")
    assert (draft.fields["kind"], draft.fields["direction"]) == (kind, direction)
    assert (draft.fields["vendor"], draft.fields["family"]) == ("alibaba", "qwen")
    assert draft.fields["severity"] == "1", "what others ask for open weights"
    assert not draft.is_machine_verified
    assert "$0.4, $1.2 before" in draft.fields["summary"]
    assert Snapshot.objects.filter(sha256__in=draft.snapshots).count() == 1
    assert_fits_its_table(draft)
    assert watch.look(hours=12).drafts == ()


def test_less_than_a_quarter_is_not_reported_but_small_steps_add_up(router: OpenRouter, watch: Watch) -> None:
    watch.look()
    router.models["qwen/qwen3-32b"]["pricing"] = {"prompt": "0.00000048", "completion": "0.0000014"}
    assert watch.look(hours=12).drafts == ()
    router.models["qwen/qwen3-32b"]["pricing"] = {"prompt": "0.00000052", "completion": "0.0000014"}
    assert kinds(watch.look(hours=12)) == ["price_increase"]


def test_the_price_of_a_closed_model_is_its_vendors_own(router: OpenRouter, watch: Watch) -> None:
    router.add("qwen/qwen3-max", LONG_AGO, "0.000001", "0.000004", "")
    watch.look()
    router.models["qwen/qwen3-max"]["pricing"] = {"prompt": "0.000003", "completion": "0.000012"}
    assert only(watch.look(hours=12), "signals").fields["severity"] == "3"


@pytest.mark.parametrize("unknown", ["-1", "", "free", "NaN", "Infinity", "1e999999", None, -1, True, [], {}, "0x1"])
def test_c27_a_price_that_is_none_is_unknown_and_never_a_cut(router: OpenRouter, watch: Watch, unknown: object) -> None:
    watch.look()
    router.models["qwen/qwen3-32b"]["pricing"] = {"prompt": unknown, "completion": unknown}
    assert watch.look(hours=12).drafts == ()
    router.models["qwen/qwen3-32b"]["pricing"] = {"prompt": "0.0000004", "completion": "0.0000012"}
    assert watch.look(hours=12).drafts == ()


def test_prices_that_move_apart_are_weighed() -> None:
    before = (Decimal(1), Decimal(4))
    assert price_shift(before, (Decimal("0.9"), Decimal(8))) == Decimal("3.7") / 7
    assert price_shift(before, (Decimal(2), None)) == 1
    assert price_shift((None, None), before) == 0
    assert price_shift((Decimal(0), Decimal(0)), before) > 1


def test_c27_aliases_variants_and_strangers_are_left_out(router: OpenRouter, watch: Watch) -> None:
    router.add("~qwen/qwen-latest", LONG_AGO, "0.000001", "0.000004", alias_target="qwen/qwen3-32b")
    router.add("qwen/qwen-floating", LONG_AGO, "0.000001", "0.000004", alias_target="qwen/qwen3-32b")
    router.add("qwen/qwen3-32b:free", LONG_AGO, "0", "0", HUB)
    router.add("stranger/model", LONG_AGO, "0.000001", "0.000004")
    router.add("mistralai/mistral-small", LONG_AGO, "0.000001", "0.000004", "mistralai/Mistral-Small")
    assert set(watch.look().cursor["models"]) == {"qwen/qwen3-32b", "mistralai/mistral-small"}


# Ends ---------------------------------------------------------------------------------------------


def test_an_announced_end_is_an_event_of_its_own(router: OpenRouter, watch: Watch) -> None:
    watch.look()
    router.models["qwen/qwen3-32b"]["expiration_date"] = "2026-12-31"
    draft = only(watch.look(hours=12), "signals")
    assert draft.fields["kind"] == "api_deprecation"
    assert draft.fields["occurred_on"] == "2026-11-02", "the day it was announced, as far as we saw"
    assert "ends on 2026-12-31" in draft.fields["summary"]
    assert "weights are another matter" in draft.fields["summary"]
    assert_fits_its_table(draft)
    assert watch.look(hours=12).drafts == ()
    router.models["qwen/qwen3-32b"]["expiration_date"] = "2027-01-31"
    assert kinds(watch.look(hours=12)) == ["api_deprecation"]


@pytest.mark.parametrize(
    "ends_on", ["2098-12-31", "2098-12-31T00:00:00Z", "never", "", 0, 20261231, [], {}, "2025-01-01"]
)
def test_c27_no_plan_and_the_past_are_no_alert(router: OpenRouter, watch: Watch, ends_on: object) -> None:
    router.models["qwen/qwen3-32b"]["expiration_date"] = ends_on
    assert watch.look().drafts == watch.look(hours=12).drafts == ()


def test_a_model_taken_off_the_list_ended_after_three_looks_over_two_days(router: OpenRouter, watch: Watch) -> None:
    router.add("qwen/qwen3-8b", LONG_AGO, "0.0000001", "0.0000004", "Qwen/Qwen3-8B")
    watch.look()
    del router.models["qwen/qwen3-32b"]
    assert watch.look(hours=12).drafts == watch.look(hours=12).drafts == watch.look(hours=12).drafts == ()
    draft = only(watch.look(hours=24), "signals")
    assert draft.fields["kind"] == "api_deprecation"
    assert draft.fields["occurred_on"] == "2026-11-02"
    assert_fits_its_table(draft)
    assert watch.look(hours=24).drafts == ()


@pytest.mark.parametrize(("total", "row"), [(3, {}), (1000, {}), (None, {"id": None}), (None, {"id": ["qwen"]})])
def test_a_list_that_is_not_read_whole_proves_nothing_missing(
    router: OpenRouter, watch: Watch, total: int | None, row: dict[str, object]
) -> None:
    router.add("qwen/qwen3-8b", LONG_AGO, "0.0000001", "0.0000004", "Qwen/Qwen3-8B")
    watch.look()
    del router.models["qwen/qwen3-32b"]
    router.total = total
    if row:
        router.models["changed"] = row
    for _ in range(5):
        assert watch.look(hours=24).drafts == ()


def test_all_pages_are_read(router: OpenRouter, watch: Watch) -> None:
    for number in range(5):
        router.add(f"qwen/qwen3-{number}b", LONG_AGO, "0.0000001", "0.0000004", "")
    router.per_page = 2
    assert len(watch.look().cursor["models"]) == 6
    assert len([path for path in router.paths() if path == "/api/v1/models"]) == 3


def test_a_next_page_on_another_host_is_not_followed(router: OpenRouter, watch: Watch) -> None:
    body = {"data": list(router.models.values()), "links": {"next": "//elsewhere.example/models"}}
    router.outages["/api/v1/models"] = Reply.json(body)
    with pytest.raises(FetchError):
        watch.look()


# Closed flagships ---------------------------------------------------------------------------------


def candidates(catch: Catch) -> list[Draft]:
    return [draft for draft in of_table(catch, "signals") if draft.fields["kind"] == "closed_flagship"]


@pytest.mark.parametrize("hub", ["", None])
def test_a_new_top_model_without_weights_is_a_candidate(router: OpenRouter, watch: Watch, hub: str | None) -> None:
    watch.look()
    router.add("qwen/qwen4-max", START + timedelta(hours=1), "0.000002", "0.000006", hub)
    [draft] = candidates(watch.look(hours=12))
    assert (draft.fields["vendor"], draft.fields["family"]) == ("alibaba", "qwen")
    assert draft.fields["occurred_on"] == "2026-11-02"
    assert not draft.is_machine_verified
    assert_fits_its_table(draft)
    assert candidates(watch.look(hours=12)) == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"hub": "Qwen/Qwen4"}, "it has weights"),
        ({"hub": 5}, "unknown shape"),
        ({"completion": "0.0000002"}, "a small one"),
        ({"completion": "-1"}, "unknown price"),
        ({"architecture": {"output_modalities": ["image"]}}, "makes images"),
    ],
)
def test_whatever_is_not_the_top_or_not_known_to_be_closed_is_none(
    router: OpenRouter, watch: Watch, given: dict[str, object], why: str
) -> None:
    watch.look()
    added = {"prompt": "0.000002", "completion": "0.000006", "hub": "", **given}
    router.add("qwen/qwen4-max", START + timedelta(hours=1), **added)
    assert candidates(watch.look(hours=12)) == [], why


def test_a_vendor_without_open_weights_there_has_none(router: OpenRouter, watch: Watch) -> None:
    watch.look()
    router.add("mistralai/mistral-large", START + timedelta(hours=1), "0.000002", "0.000006", "")
    assert candidates(watch.look(hours=12)) == []


def test_first_looks_take_only_what_is_new(router: OpenRouter, watch: Watch) -> None:
    router.add("qwen/qwen3-max", START - timedelta(days=200), "0.000002", "0.000006", "")
    router.add("qwen/qwen4-max", START - timedelta(days=3), "0.000002", "0.000006", "")
    assert [draft.fields["summary"].split(",")[0] for draft in candidates(watch.look())] == ["Qwen4-Max"]


# Hosts --------------------------------------------------------------------------------------------


def test_hosts_are_kept_with_status_price_and_end(router: OpenRouter, watch: Watch) -> None:
    router.hosts["qwen/qwen3-32b"] = [
        endpoint("Novita", "0.0000004", "0.0000012"),
        endpoint("Novita", "0.0000009", "0.0000019"),
        endpoint("Cheap", "0.0000001", "0.0000002", status=-5, expiration_date="2026-12-24"),
    ]
    watch.look()
    cheap, novita = offers("qwen/qwen3-32B")
    assert (cheap.host, cheap.status, cheap.ends_on) == ("Cheap", "down", date(2026, 12, 24))
    assert (novita.status, novita.prices[0].prompt, novita.prices[0].completion) == (
        "up",
        Decimal("0.4"),
        Decimal("1.2"),
    )
    assert not novita.is_tracked, "one price is no history"
    router.hosts["qwen/qwen3-32b"][0]["pricing"] = {"prompt": "0.0000005", "completion": "0.0000012"}
    watch.look(hours=24)
    novita = offers(HUB)[1]
    assert novita.is_tracked
    assert [price.since for price in novita.prices] == [date(2026, 11, 2), date(2026, 11, 3)]


def test_a_host_that_stops_is_noted_and_the_last_one_is_an_event(router: OpenRouter, watch: Watch) -> None:
    router.hosts["qwen/qwen3-32b"] = [endpoint("A", "0.0000004", "0.0000012"), endpoint("B", "0.0000004", "0.0000012")]
    watch.look()
    router.hosts["qwen/qwen3-32b"].pop()
    assert all(watch.look(hours=25).drafts == () for _ in range(3))
    assert [offer.ended_on for offer in offers(HUB)] == [None, date(2026, 11, 3)]
    router.hosts["qwen/qwen3-32b"].clear()
    assert watch.look(hours=25).drafts == watch.look(hours=25).drafts == ()
    draft = only(watch.look(hours=25), "signals")
    assert draft.fields["kind"] == "api_deprecation"
    assert "no host offers it" in draft.fields["summary"]
    assert watch.look(hours=25).drafts == ()


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply.page(), Reply(200, b""), Reply(404, b"{}"), Reply.json({"data": {}})]
)
def test_hosts_that_cannot_be_read_are_not_gone(router: OpenRouter, watch: Watch, reply: Reply) -> None:
    router.hosts["qwen/qwen3-32b"] = [endpoint("A", "0.0000004", "0.0000012")]
    watch.look()
    router.outages["/endpoints"] = reply
    for _ in range(4):
        catch = watch.look(hours=25)
        Host.objects.all().delete()
        assert catch.drafts == ()
        assert catch.warnings
    assert [offer.ended_on for offer in offers(HUB)] == [None]


# Failures and shapes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outage",
    [
        Reply(500),
        Reply(401, b'{"error": {"message": "No auth credentials found", "code": 401}}'),
        Reply(200, b""),
        Reply.page(),
        Reply.json({"error": {"message": "Internal", "code": 500}}),
        Reply.json({"data": []}),
        Reply.json([]),
    ],
)
def test_c17_a_failing_list_changes_nothing(router: OpenRouter, watch: Watch, outage: Reply) -> None:
    watch.look()
    before = dict(watch.feed.cursor)
    router.outage = outage
    for _ in range(4):
        with pytest.raises(FetchError):
            watch.look(hours=25)
        Host.objects.all().delete()
    assert watch.feed.cursor == before


ODD: tuple[object, ...] = ("text", 7, -3, 2.5, True, None, [], ["text"], [1], {}, {"prompt": []}, "\ud800\x00", 10**30)
KEYS = sorted(OpenRouter().add("a/b", LONG_AGO, "1", "1").keys() - {"id"})


@pytest.mark.parametrize("key", KEYS)
def test_c27_a_missing_or_odd_field_is_unknown_and_breaks_nothing(router: OpenRouter, watch: Watch, key: str) -> None:
    router.hosts["qwen/qwen3-32b"] = [endpoint("A", "0.0000004", "0.0000012")]
    watch.look()
    whole = router.models["qwen/qwen3-32b"]
    router.models["qwen/qwen3-32b"] = {name: value for name, value in whole.items() if name != key}
    assert watch.look(hours=12).drafts == ()
    for odd in ODD:
        router.models["qwen/qwen3-32b"] = {**whole, key: odd, f"{key}_of_the_future": odd}
        assert watch.look(hours=12).drafts == ()
    router.models["qwen/qwen3-32b"] = whole
    assert watch.look(hours=12).drafts == ()


@pytest.mark.parametrize("key", ["provider_name", "pricing", "status", "expiration_date", "tag"])
def test_an_odd_endpoint_breaks_nothing(router: OpenRouter, watch: Watch, key: str) -> None:
    for odd in ODD:
        odd_one = {**endpoint("A", "0.0000004", "0.0000012"), key: odd}
        router.hosts["qwen/qwen3-32b"] = [odd_one, odd]  # type: ignore[list-item]
        assert watch.look(hours=12).drafts == ()
        offers(HUB)


@pytest.mark.parametrize("odd", ODD)
def test_odd_rows_and_envelopes_are_survived(router: OpenRouter, watch: Watch, odd: object) -> None:
    known = list(router.models.values())
    router.outages["/api/v1/models"] = Reply.json({"data": [odd, {"id": odd}, *known], "total_count": odd, "links": {}})
    assert "qwen/qwen3-32b" in watch.look().cursor["models"]
