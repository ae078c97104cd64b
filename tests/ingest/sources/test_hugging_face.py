from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from riskboard.catalog.models import Family, Vendor
from riskboard.ingest.client import BadAnswer, FetchError, HostBusy
from riskboard.ingest.drafts import Catch
from riskboard.ingest.hosting import offers
from riskboard.ingest.licensetext import redline
from riskboard.ingest.models import Feed, Host, Snapshot
from riskboard.ingest.sources.hub_repository import Repository
from tests.cast import make_family, make_license, make_line, make_release, make_vendor
from tests.ingest.stand_ins.hub import FLOOR, TOKEN, Hub, HubRepository, stamp
from tests.ingest.stand_ins.serving import Asked, Reply, serving
from tests.ingest.watching import START, Watch, assert_fits_its_table, of_table, only

pytestmark = pytest.mark.django_db

OWN_LICENSE = """Acorn License

1. Grant. We grant you a worldwide, royalty-free license to use, copy and distribute the weights.

2. Size. If your products have more than {users} monthly active users, you must request a license from us.
"""


@pytest.fixture
def hub(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving(Hub()) as stand_in:
        settings.HUGGINGFACE_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        monkeypatch.setenv("HUGGINGFACE_TOKEN", TOKEN)
        yield stand_in


@pytest.fixture
def acorn() -> Vendor:
    vendor = make_vendor(slug="acorn", name="Acorn", hf_org="acorn")
    make_family(slug="oak", line=make_line(slug="acorn-language", vendor=vendor), name="Oak", modality="text")
    make_license(key="apache-2.0", spdx_id="Apache-2.0", category="permissive")
    make_license(key="acorn-research", name="Acorn Research License", category="noncommercial")
    make_license(key="acorn-license", name="Acorn License", category="restricted_open_weights")
    return vendor


@pytest.fixture
def watch(hub: Hub, acorn: Vendor) -> Watch:
    feed = Feed.objects.create(slug="hub-acorn", name="Acorn", connector="hugging_face", address="acorn", vendor=acorn)
    return Watch(feed)


def old(name: str = "acorn/Oak-7B", **given: Any) -> HubRepository:
    return HubRepository(name, stamp(START - timedelta(days=400)), **given)


def known(name: str = "acorn/Oak-7B", **given: Any) -> None:
    oak = Family.objects.get(slug="oak")
    make_release(slug=name.rsplit("/", 1)[-1].lower(), hf_repo=name, family=oak, **given)


# New repositories ---------------------------------------------------------------------------------


def test_the_first_look_is_a_starting_point_and_not_news(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    catch = watch.look()
    assert of_table(catch, "releases") == of_table(catch, "signals") == of_table(catch, "license_changes") == []


def test_a_repository_created_after_the_last_look_is_a_release(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    watch.look()
    hub.add(HubRepository("acorn/Oak-2-7B", stamp(START + timedelta(hours=3))))
    draft = only(watch.look(hours=6), "releases")
    assert draft.is_machine_verified
    assert draft.fields["family"] == "oak"
    assert draft.fields["hf_repo"] == "acorn/Oak-2-7B"
    assert draft.fields["released_on"] == draft.fields["weights_on"] == "2026-11-02"
    assert draft.fields["license_key"] == "apache-2.0"
    assert draft.fields["access"] == "open_weights"
    assert draft.fields["params_total_b"] == "7.616"
    assert draft.fields["flagship"] == "", "whether it is a flagship was not observed"
    assert_fits_its_table(draft)
    assert of_table(watch.look(hours=6), "releases") == []


def test_first_looks_count_what_is_new_and_unknown_to_the_catalog(hub: Hub, watch: Watch) -> None:
    hub.add(HubRepository("acorn/Oak-3-7B", stamp(START - timedelta(days=10))))
    hub.add(HubRepository("acorn/Oak-3-70B", stamp(START - timedelta(days=10))))
    hub.add(HubRepository("acorn/Oak-2-70B", stamp(START - timedelta(days=40))))
    known("acorn/Oak-3-70B")
    assert only(watch.look(), "releases").fields["name"] == "Oak-3-7B"


def test_one_made_public_later_is_released_on_the_day_it_was_seen(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    watch.look()
    hub.add(HubRepository("acorn/Oak-2-7B", stamp(START - timedelta(days=9))))
    draft = only(watch.look(hours=24), "releases")
    assert draft.fields["released_on"] == "2026-11-03"
    assert "made public later" in " ".join(draft.observed)


@pytest.mark.parametrize("created", [FLOOR, None, "yesterday", "2999-01-01T00:00:00.000Z"])
def test_an_unknown_creation_date_is_never_today(hub: Hub, watch: Watch, created: str | None) -> None:
    hub.add(old())
    watch.look()
    hub.add(HubRepository("acorn/Oak-2-7B", "", extra={"createdAt": created}))
    catch = watch.look(hours=6)
    assert of_table(catch, "releases") == []
    assert any("when it was created is not known" in warning for warning in catch.warnings)


def test_quantized_copies_are_not_releases(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    watch.look()
    tags = ("base_model:acorn/Oak-7B", "base_model:quantized:acorn/Oak-7B")
    hub.add(HubRepository("acorn/Oak-7B-GGUF", stamp(START + timedelta(hours=1)), tags=tags))
    assert of_table(watch.look(hours=6), "releases") == []


def test_a_gated_or_non_commercial_release_says_so(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    watch.look()
    hub.add(HubRepository("acorn/Oak-2-7B", stamp(START + timedelta(hours=1)), gated="manual"))
    research = {"license_name": "acorn-research", "license_link": "LICENSE"}
    hub.add(HubRepository("acorn/Oak-2-70B", stamp(START + timedelta(hours=1)), license="other", card=research))
    drafts = {draft.fields["name"]: draft.fields for draft in of_table(watch.look(hours=6), "releases")}
    assert drafts["Oak-2-7B"]["access"] == "gated"
    assert drafts["Oak-2-70B"]["access"] == "restricted"
    assert drafts["Oak-2-70B"]["license_key"] == "acorn-research"


def test_all_pages_are_read_and_only_what_is_needed_is_asked_for(hub: Hub, watch: Watch) -> None:
    for number in range(5):
        hub.add(old(f"acorn/Oak-{number}-7B"))
    hub.per_page = 2
    catch = watch.look()
    assert len(catch.cursor["repositories"]) == 5
    lists = [asked for asked in hub.asked if asked.path == "/api/models"]
    assert len(lists) == 3
    assert "sha" in lists[0].query["expand"]
    assert "siblings" not in lists[0].query["expand"]
    assert all(asked.token == TOKEN for asked in hub.asked)


def test_a_next_page_on_another_host_is_not_followed(hub: Hub, watch: Watch) -> None:
    link = '<https://elsewhere.example/api/models?cursor=1>; rel="next"'
    hub.outages["/api/models"] = Reply.json([old().row()], headers={"link": link})
    with pytest.raises(BadAnswer):
        watch.look()


# Licenses -----------------------------------------------------------------------------------------


def test_another_license_tag_is_a_change_of_terms(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old())
    watch.look()
    repository.license, repository.card = "other", {"license_name": "acorn-research"}
    repository.changed = stamp(START + timedelta(hours=5))
    draft = only(watch.look(hours=30), "license_changes")
    assert (draft.fields["from_license"], draft.fields["to_license"]) == ("apache-2.0", "acorn-research")
    assert draft.fields["direction"] == "tightening"
    assert draft.fields["announced_on"] == "2026-11-02", "the day of the commit, which lies between the two looks"
    assert draft.is_machine_verified
    assert repository.sha in draft.fields["source_url"]
    assert_fits_its_table(draft)
    assert of_table(watch.look(hours=6), "license_changes") == []


def test_back_from_a_named_license_is_one_change(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old(license="other", card={"license_name": "acorn-research"}))
    watch.look()
    repository.license, repository.card = "apache-2.0", {}
    assert only(watch.look(hours=6), "license_changes").fields["direction"] == "loosening"
    assert of_table(watch.look(hours=6), "license_changes") == []


def test_a_tag_that_the_catalog_does_not_know_is_left_to_an_analyst(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old())
    watch.look()
    repository.license = "some-new-license"
    draft = only(watch.look(hours=6), "license_changes")
    assert draft.fields["to_license"] == draft.fields["direction"] == ""
    assert not draft.is_machine_verified
    assert "some-new-license" in " ".join(draft.observed)


def test_a_missing_tag_is_unknown_and_not_a_change(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old())
    watch.look()
    repository.left_out = {"tags", "cardData"}
    assert of_table(watch.look(hours=6), "license_changes") == []
    repository.left_out = set()
    assert of_table(watch.look(hours=6), "license_changes") == []


def test_a_changed_license_text_is_a_change_with_its_redline(hub: Hub, watch: Watch) -> None:
    card = {"license_name": "acorn-license", "license_link": "LICENSE"}
    text = OWN_LICENSE.format(users="700 million")
    repository = hub.add(old(license="other", card=card, files={"LICENSE": text}))
    watch.look()
    repository.files["LICENSE"] = OWN_LICENSE.format(users="100 million")
    draft = only(watch.look(hours=6), "license_changes")
    assert draft.fields["direction"] == "tightening"
    assert draft.fields["from_license"] == draft.fields["to_license"] == "acorn-license"
    assert not draft.is_machine_verified, "what a text means is read by rules, not observed"
    assert any("2. Size." in words for words in draft.observed)
    before, after = (Snapshot.objects.get(sha256=sha256) for sha256 in draft.snapshots)
    assert bytes(before.body).decode() == text
    assert after.headers["x-repo-commit"] == repository.sha
    assert redline(before.cleaned, after.cleaned).verdict == "tighter"
    assert_fits_its_table(draft)


def test_a_cosmetic_edit_is_kept_but_is_no_change_of_terms(hub: Hub, watch: Watch) -> None:
    known()
    repository = hub.add(old(files={"LICENSE": OWN_LICENSE.format(users="700 million")}))
    watch.look()
    repository.files["LICENSE"] = OWN_LICENSE.format(users="700 million").replace("Grant.", "GRANT:")
    catch = watch.look(hours=6)
    assert of_table(catch, "license_changes") == []
    assert "cosmetic" in " ".join(only(catch, "revisions").observed)


def test_tag_and_text_that_change_together_are_one_change(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old(files={"LICENSE": "Apache License\n\nYou may use it for any purpose."}))
    watch.look()
    repository.license, repository.card = "other", {"license_name": "acorn-license"}
    repository.files["LICENSE"] = OWN_LICENSE.format(users="1 million")
    draft = only(watch.look(hours=6), "license_changes")
    assert len(draft.snapshots) == 2
    assert draft.observed[0].startswith("license tag: apache-2.0 before")
    assert draft.fields["direction"] == "tightening"


def test_each_new_commit_of_a_known_release_is_pinned_with_its_license_text(hub: Hub, watch: Watch) -> None:
    known()
    repository = hub.add(old(files={"LICENSE.md": "# Some License\n\nYou may use it."}))
    hub.add(old("acorn/Oak-13B"))
    first = only(watch.look(), "revisions")
    assert first.fields["commit_sha"] == repository.sha
    assert first.fields["captured_on"] == "2026-11-02"
    assert Snapshot.objects.get(sha256=first.fields["license_text_sha256"]).cleaned == "Some License\n\nYou may use it."
    assert first.is_machine_verified
    assert of_table(watch.look(hours=6), "revisions") == []
    repository.commit = "new weights"
    again = only(watch.look(hours=6), "revisions")
    assert again.fields["commit_sha"] != first.fields["commit_sha"]
    assert again.fields["license_text_sha256"] == first.fields["license_text_sha256"]


def test_an_unchanged_repository_costs_no_request_and_an_unchanged_text_no_body(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old(files={"LICENSE.txt": "Some License. You may use it."}))
    watch.look()
    hub.asked.clear()
    watch.look(hours=6)
    assert hub.paths() == ["/api/models"]
    repository.commit = "new weights"
    hub.asked.clear()
    catch = watch.look(hours=6)
    [asked] = [asked for asked in hub.asked if "/resolve/" in asked.path]
    assert asked.path.endswith("/LICENSE.txt")
    assert asked.headers["if-none-match"]
    assert catch.captures == ()


def test_a_sign_in_page_or_an_error_is_not_taken_for_a_license(hub: Hub, watch: Watch) -> None:
    card = {"license_name": "acorn-license"}
    repository = hub.add(old(license="other", card=card, files={"LICENSE": OWN_LICENSE.format(users="1 million")}))
    before = watch.look().cursor["repositories"][repository.id]["text"]
    repository.commit = "more"
    for reply in (Reply.page(), Reply.json({"error": "x"}), Reply(200, b""), Reply(500), Reply(404, b"no")):
        hub.outages["/resolve/"] = reply
        catch = watch.look(hours=6)
        Host.objects.all().delete()
        assert catch.drafts == ()
        assert catch.cursor["repositories"][repository.id]["text"] == before
    hub.outages.clear()
    assert of_table(watch.look(hours=6), "license_changes") == []


def test_a_gated_text_is_unknown_in_the_pinned_revision(hub: Hub, watch: Watch) -> None:
    known()
    repository = hub.add(old(files={"LICENSE": "Some License. You may use it."}))
    watch.look()
    repository.gated, repository.commit = "auto", "more"
    assert only(watch.look(hours=6), "revisions").fields["license_text_sha256"] == ""


# Hosts --------------------------------------------------------------------------------------------


def hosted_by(*providers: str) -> dict[str, object]:
    return {"inferenceProviderMapping": [{"provider": each, "status": "live"} for each in providers]}


def test_hosts_are_kept_and_the_end_of_the_last_one_is_no_withdrawal(hub: Hub, watch: Watch) -> None:
    known()
    repository = hub.add(old(extra=hosted_by("novita", "together")))
    watch.look()
    assert [(offer.host, offer.status, offer.price) for offer in offers(repository.id)] == [
        ("novita", "live", None),
        ("together", "live", None),
    ]
    repository.extra = hosted_by("novita")
    assert all(watch.look(hours=25).drafts == () for _ in range(3))
    assert [(offer.host, offer.ended_on) for offer in offers(repository.id)] == [
        ("novita", None),
        ("together", date(2026, 11, 3)),
    ]
    repository.extra = hosted_by()
    assert watch.look(hours=25).drafts == watch.look(hours=25).drafts == ()
    draft = only(watch.look(hours=25), "signals")
    assert draft.fields["kind"] == "api_deprecation"
    assert "The weights are another matter" in draft.fields["summary"]
    assert_fits_its_table(draft)
    assert of_table(watch.look(hours=25), "signals") == []


def test_hosts_that_the_hub_does_not_tell_are_not_gone(hub: Hub, watch: Watch) -> None:
    repository = hub.add(old(extra=hosted_by("novita")))
    watch.look()
    for untold in (None, "text", ["text"], {"novita": "live"}):
        repository.extra = {"inferenceProviderMapping": untold}
        watch.look(hours=25)
    repository.left_out = {"inferenceProviderMapping"}
    watch.look(hours=25)
    assert [offer.ended_on for offer in offers(repository.id)] == [None]


# Gates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "direction", "severity"),
    [
        (False, "auto", "weakens", "2"),
        (False, "manual", "weakens", "3"),
        ("auto", "manual", "weakens", "2"),
        ("manual", False, "strengthens", "3"),
        ("manual", "auto", "strengthens", "2"),
    ],
)
def test_a_gate_that_closes_or_opens(
    hub: Hub, watch: Watch, before: object, after: object, direction: str, severity: str
) -> None:
    repository = hub.add(old(gated=before))
    watch.look()
    repository.gated = after
    draft = only(watch.look(hours=6), "signals")
    assert draft.fields["kind"] == "gating"
    assert (draft.fields["direction"], draft.fields["severity"]) == (direction, severity)
    assert draft.is_machine_verified
    assert Snapshot.objects.filter(sha256__in=draft.snapshots).count() == 1
    assert_fits_its_table(draft)


@pytest.mark.parametrize("odd", [True, None, 1, "yes", [], {}])
def test_a_gate_of_unknown_shape_is_unknown(hub: Hub, watch: Watch, odd: object) -> None:
    repository = hub.add(old())
    watch.look()
    repository.gated = odd
    hub.outages["/resolve/"] = Reply(404, b"", {"x-error-code": "EntryNotFound"})
    assert of_table(watch.look(hours=6), "signals") == []
    repository.gated = False
    assert of_table(watch.look(hours=6), "signals") == []


# Withdrawal ---------------------------------------------------------------------------------------


def vanished(hub: Hub, watch: Watch) -> None:
    known()
    hub.add(old())
    hub.add(old("acorn/Oak-13B"))
    watch.look()
    del hub.repositories["acorn/Oak-7B"]


def withdrawals(catch: Catch) -> list[str]:
    return [draft.key for draft in of_table(catch, "signals") if draft.fields["kind"] == "withdrawal"]


def test_c18_a_withdrawal_is_proposed_once_after_three_looks_over_two_days(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    assert withdrawals(watch.look(hours=6)) == []
    assert withdrawals(watch.look(hours=24)) == []
    draft = only(watch.look(hours=24), "signals")
    assert draft.fields["kind"] == "withdrawal"
    assert draft.fields["occurred_on"] == "2026-11-02"
    assert not draft.is_machine_verified, "to be reviewed"
    assert "3 looks" in " ".join(draft.observed)
    assert_fits_its_table(draft)
    assert withdrawals(watch.look(hours=24)) == []


def test_c18_three_looks_in_one_day_are_not_enough(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    for _ in range(7):
        assert withdrawals(watch.look(hours=6)) == []


@pytest.mark.parametrize(
    "refusal",
    [
        Reply(403, b"", {"x-error-message": "Access to this resource is disabled."}),
        Reply(404, b"", {"x-error-code": "RepoNotFound"}),
    ],
)
def test_a_disabled_repository_and_a_plain_404_count_too(hub: Hub, watch: Watch, refusal: Reply) -> None:
    vanished(hub, watch)
    hub.outages["/api/models/acorn/Oak-7B"] = refusal
    found = [withdrawals(watch.look(hours=25)) for _ in range(3)]
    assert [len(each) for each in found] == [0, 0, 1]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(401, b"", {"x-error-message": "Invalid credentials in Authorization header"}),
        Reply(
            401, b"", {"x-error-code": "RepoNotFound", "x-error-message": "Invalid credentials in Authorization header"}
        ),
        Reply(401, b""),
        Reply(401, b"", {"x-error-code": "GatedRepo"}),
        Reply(403, b"", {"x-error-code": "GatedRepo"}),
        Reply(404, b"", {"x-error-code": "RevisionNotFound"}),
        Reply(500, b"oops"),
        Reply(503, b""),
        Reply(429, b"", {"retry-after": "60"}),
        Reply.page(),
        Reply(200, b""),
        Reply.json({"error": "Internal"}),
    ],
)
def test_c17_whatever_else_is_answered_never_becomes_a_withdrawal(hub: Hub, watch: Watch, answer: Reply) -> None:
    vanished(hub, watch)
    hub.outages["/api/models/acorn/Oak-7B"] = answer
    for _ in range(5):
        catch = watch.look(hours=25)
        Host.objects.all().delete()
        assert withdrawals(catch) == []
        assert "acorn/Oak-7B" in catch.cursor["repositories"]


def test_c18_without_a_token_nothing_is_withdrawn(hub: Hub, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUGGINGFACE_TOKEN")
    vanished(hub, watch)
    for _ in range(5):
        catch = watch.look(hours=25)
        assert withdrawals(catch) == []
    assert any("proven token" in warning for warning in catch.warnings)


def test_c18_a_token_that_opens_nothing_proves_nothing(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    hub.outages["/api/models/acorn/Oak-13B"] = Reply(401, b"", {"x-error-code": "RepoNotFound"})
    for _ in range(5):
        assert withdrawals(watch.look(hours=25)) == []


def test_an_organization_that_deletes_everything_is_told_by_a_repository_of_others(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    hub.repositories.clear()
    hub.add(old("openai-community/gpt2"))
    found = [len(withdrawals(watch.look(hours=25))) for _ in range(3)]
    assert found == [0, 0, 2]


def test_one_that_comes_back_starts_anew(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    watch.look(hours=25)
    watch.look(hours=25)
    hub.add(old())
    watch.look(hours=1)
    del hub.repositories["acorn/Oak-7B"]
    assert withdrawals(watch.look(hours=25)) == withdrawals(watch.look(hours=25)) == []


def test_a_new_name_is_an_alias_and_neither_a_withdrawal_nor_a_release(hub: Hub, watch: Watch) -> None:
    vanished(hub, watch)
    hub.renamed["acorn/Oak-7B"] = "acorn/Oak-7B-Base"
    hub.add(HubRepository("acorn/Oak-7B-Base", stamp(START - timedelta(days=40))))
    for _ in range(4):
        catch = watch.look(hours=25)
        assert withdrawals(catch) == []
        assert of_table(catch, "releases") == []
    assert catch.cursor["aliases"] == {"acorn/Oak-7B": "acorn/Oak-7B-Base"}
    assert set(catch.cursor["repositories"]) == {"acorn/Oak-13B", "acorn/Oak-7B-Base"}


# Reach --------------------------------------------------------------------------------------------


def test_reach_is_summed_by_family_once_a_month(hub: Hub, watch: Watch) -> None:
    hub.add(old())
    hub.add(old("acorn/Oak-13B", children=7, downloads_total=None))
    hub.add(old("acorn/birch-1B"))
    drafts = of_table(watch.look(), "reach")
    for draft in drafts:
        assert draft.is_machine_verified
        assert_fits_its_table(draft)
    counted = {draft.fields["metric"]: draft.fields["value"] for draft in drafts}
    assert counted == {"downloads_month": "2000", "downloads_total": "5000", "derivatives": "17"}
    titles = {draft.fields["metric"]: draft.fields["source_title"] for draft in drafts}
    assert "over 1 repositories" in titles["downloads_total"], "one of the two does not say"
    assert of_table(watch.look(days=1), "reach") == []
    assert len(of_table(watch.look(days=30), "reach")) == 3


# Failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outage",
    [
        Reply(500),
        Reply(503),
        Reply(401, b"", {"x-error-message": "Invalid credentials in Authorization header"}),
        Reply(200, b""),
        Reply.page(),
        Reply.json({"error": "Internal"}),
        Reply(200, b'[{"id": "acorn/Oak-7'),
    ],
)
def test_c17_a_failing_hub_changes_nothing(hub: Hub, watch: Watch, outage: Reply) -> None:
    hub.add(old())
    watch.look()
    before = dict(watch.feed.cursor)
    hub.outage = outage
    with pytest.raises(FetchError):
        watch.look(hours=25)
    assert watch.feed.cursor == before


def test_a_list_that_breaks_off_counts_nothing_as_missing(hub: Hub, watch: Watch) -> None:
    for number in range(4):
        hub.add(old(f"acorn/Oak-{number}-7B"))
    watch.look()
    hub.per_page = 2
    hub.asked.clear()
    with pytest.raises(FetchError):
        _look_while_the_second_page_fails(hub, watch)
    assert not any(path.startswith("/api/models/") for path in hub.paths())


def _look_while_the_second_page_fails(hub: Hub, watch: Watch) -> None:
    answer = hub.answer

    def failing(asked: Asked) -> Reply:
        return Reply(502) if asked.first("cursor") else answer(asked)

    hub.answer = failing  # type: ignore[method-assign]
    watch.look(hours=6)


def test_a_pause_that_the_hub_asks_for_ends_the_look_and_is_kept(hub: Hub, watch: Watch) -> None:
    for number in range(3):
        hub.add(old(f"acorn/Oak-{number}-7B", files={"LICENSE": "Some License. You may use it."}))
    hub.outages["/resolve/"] = Reply(429, b"", {"ratelimit": '"resolvers";r=0;t=55'})
    catch = watch.look()
    assert len([path for path in hub.paths() if "/resolve/" in path]) == 1
    assert len(catch.cursor["repositories"]) == 3
    with pytest.raises(HostBusy) as busy:
        watch.look(seconds=30)
    assert busy.value.not_before >= START + timedelta(seconds=55)
    hub.outages.clear()
    catch = watch.look(seconds=60)
    assert all(state["text"] for state in catch.cursor["repositories"].values())


# Shapes -------------------------------------------------------------------------------------------

ODD: tuple[object, ...] = (
    "text",
    7,
    -3,
    2.5,
    True,
    None,
    [],
    ["text"],
    [1],
    {},
    {"a": 1},
    {"a": {"b": []}},
    "\ud800\x00",
    10**30,
)
KEYS = sorted(old().row().keys() - {"id", "modelId"})


@pytest.mark.parametrize("key", KEYS)
def test_c27_a_missing_or_odd_field_is_unknown_and_breaks_nothing(hub: Hub, watch: Watch, key: str) -> None:
    repository = hub.add(old(files={"LICENSE": "Some License. You may use it."}))
    hub.add(HubRepository("acorn/Oak-9-7B", stamp(START - timedelta(days=1))))
    watch.look()
    repository.left_out = {key}
    assert of_table(watch.look(hours=6), "signals") == []
    repository.left_out = set()
    for odd in ODD:
        repository.extra = {key: odd, f"{key}_of_the_future": odd}
        for draft in watch.look(hours=6).drafts:
            assert draft.table in {"license_changes", "reach"}
            assert_fits_its_table(draft)


INSIDE = [
    ("cardData", "license"),
    ("cardData", "license_name"),
    ("cardData", "license_link"),
    ("safetensors", "total"),
    ("childrenModelCount", "finetune"),
    ("inferenceProviderMapping", "novita"),
]


@pytest.mark.parametrize(("key", "inner"), INSIDE)
def test_c27_an_odd_part_of_a_field_is_unknown_and_breaks_nothing(hub: Hub, watch: Watch, key: str, inner: str) -> None:
    repository = hub.add(old(files={"LICENSE": "Some License. You may use it."}))
    watch.look()
    for odd in ODD:
        repository.extra = {key: {inner: odd}}
        for draft in watch.look(hours=6).drafts:
            assert draft.table in {"license_changes", "reach"}
            assert_fits_its_table(draft)


@pytest.mark.parametrize("odd", ODD)
def test_rows_and_names_of_other_types_are_skipped(hub: Hub, watch: Watch, odd: object) -> None:
    hub.outages["/api/models"] = Reply.json([odd, {"id": odd}, {"modelId": odd, "id": None}, [odd], old().row()])
    assert "acorn/Oak-7B" in watch.look().cursor["repositories"]


def test_c27_the_shapes_of_listing_and_detail_say_the_same() -> None:
    row = {"id": "gpt2", "gated": False, "createdAt": FLOOR}
    listed = Repository.read(
        {**row, "childrenModelCount": 9, "inferenceProviderMapping": [{"provider": "a", "status": "live"}]}
    )
    detail = Repository.read(
        {
            **row,
            "childrenModelCount": {"adapter": 2, "finetune": 7, "odd": "x"},
            "inferenceProviderMapping": {"a": {"status": "live", "providerId": "x"}},
        }
    )
    assert listed == detail
    assert listed is not None
    assert (listed.derivatives, listed.hosts, listed.created_at) == (9, {"a": "live"}, None)


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"license": "mit"}, "mit"),
        ({"license": ["mit", "apache-2.0"]}, "apache-2.0, mit"),
        ({"license": {"name": "mit"}}, ""),
        ({}, ""),
    ],
)
def test_a_card_states_one_license_or_several(card: dict[str, Any], expected: str) -> None:
    repository = Repository.read({"id": "acorn/Oak-7B", "tags": ["region:us"], "cardData": card})
    assert repository is not None
    assert repository.license == expected
