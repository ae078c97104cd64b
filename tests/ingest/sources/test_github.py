from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import FetchError, HostBusy
from riskboard.ingest.models import Feed, Host, Snapshot
from tests.cast import make_family, make_license, make_line, make_vendor
from tests.ingest.stand_ins.github import TOKEN, GitHub
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import START, Watch, assert_fits_its_table, of_table, only

pytestmark = pytest.mark.django_db

OWN = """Acorn License

1. Grant. You may use, copy and distribute the software.

2. Limits. You may not use the software to break the law{more}.
"""


@pytest.fixture
def hosted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    with serving(GitHub()) as stand_in:
        settings.GITHUB_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield stand_in


@pytest.fixture
def watch(hosted: GitHub) -> Watch:
    vendor = make_vendor(slug="acorn", name="Acorn", github_org="acorn")
    make_family(slug="oak", line=make_line(slug="acorn-language", vendor=vendor), name="Oak")
    make_license(key="mit", spdx_id="MIT", category="permissive")
    make_license(key="apache-2.0", spdx_id="Apache-2.0", category="permissive")
    make_license(key="busl-1.1", spdx_id="BUSL-1.1", category="source_available")
    feed = Feed.objects.create(slug="github-oak", name="Oak", connector="github", address="acorn/Oak", vendor=vendor)
    return Watch(feed)


# License ------------------------------------------------------------------------------------------


def test_another_known_license_is_a_change_with_its_commit(hosted: GitHub, watch: Watch) -> None:
    hosted.commit(START - timedelta(days=90), "Add LICENSE")
    assert of_table(watch.look(), "license_changes") == []
    hosted.spdx_id, hosted.license_text = "BUSL-1.1", "Business Source License 1.1\n\nYou may not compete with us.\n"
    sha = hosted.commit(START + timedelta(hours=2), "Change the license")
    draft = only(watch.look(hours=24), "license_changes")
    assert (draft.fields["from_license"], draft.fields["to_license"]) == ("mit", "busl-1.1")
    assert (draft.fields["direction"], draft.fields["scope"]) == ("tightening", "code")
    assert draft.fields["announced_on"] == "2026-11-02"
    assert draft.fields["source_url"] == f"https://github.com/acorn/Oak/commit/{sha}"
    assert draft.is_machine_verified
    assert_fits_its_table(draft)
    assert of_table(watch.look(hours=24), "license_changes") == []


def test_a_license_that_github_does_not_know_is_compared_by_its_text(hosted: GitHub, watch: Watch) -> None:
    hosted.spdx_id, hosted.license_text, hosted.license_path = "NOASSERTION", OWN.format(more=""), "LICENSE.txt"
    watch.look()
    hosted.license_text = OWN.format(more=", to make weapons or to train other models")
    hosted.commit(START + timedelta(hours=1), "Update license")
    draft = only(watch.look(hours=24), "license_changes")
    assert draft.fields["direction"] == "tightening"
    assert draft.fields["from_license"] == draft.fields["to_license"] == ""
    assert draft.fields["asset"] == "acorn/Oak LICENSE.txt"
    assert not draft.is_machine_verified
    before, after = (Snapshot.objects.get(sha256=sha256) for sha256 in draft.snapshots)
    assert bytes(before.body).decode() == OWN.format(more="")
    assert "weapons" in after.cleaned
    [commits] = [asked for asked in hosted.asked if asked.path.endswith("/commits")]
    assert commits.first("path") == "LICENSE.txt"


@pytest.mark.parametrize("spdx_id", ["NOASSERTION", None])
def test_a_license_no_longer_recognized_is_no_change_by_itself(
    hosted: GitHub, watch: Watch, spdx_id: str | None
) -> None:
    watch.look()
    hosted.spdx_id = spdx_id
    assert of_table(watch.look(hours=24), "license_changes") == []


def test_a_cosmetic_edit_is_no_change_of_terms(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.license_text = f"Copyright (c) 2026 Acorn\n\n{hosted.license_text}"
    catch = watch.look(hours=24)
    assert catch.drafts == ()
    assert len(catch.captures) == 1


def test_a_file_of_another_name_can_be_watched(hosted: GitHub, watch: Watch) -> None:
    watch.feed.options = {"license_path": "MODEL_LICENSE.md", "scope": "weights"}
    hosted.other_files["MODEL_LICENSE.md"] = OWN.format(more="")
    watch.look()
    hosted.other_files["MODEL_LICENSE.md"] = OWN.format(more=" or to make weapons")
    draft = only(watch.look(hours=24), "license_changes")
    assert draft.fields["scope"] == "weights"
    assert draft.fields["announced_on"] == "2026-11-03", "no commit found: the day on which it was seen"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b'{"message": "Not Found"}'),
        Reply(500),
        Reply.page(),
        Reply(200, b""),
        Reply.json({"message": "x"}),
        Reply.json({"content": "!!!", "encoding": "base64"}),
        Reply.json({"content": "", "encoding": "none", "size": 2_000_000}),
        Reply.json([{"name": "LICENSE", "type": "file"}]),
    ],
)
def test_an_unreadable_license_file_changes_nothing(hosted: GitHub, watch: Watch, reply: Reply) -> None:
    before = watch.look().cursor["license_text"]
    hosted.outages["/license"] = reply
    catch = watch.look(hours=24)
    assert catch.drafts == ()
    assert catch.cursor["license_text"] == before
    assert catch.warnings


# State --------------------------------------------------------------------------------------------


def test_archiving_is_said_and_takes_nothing_away(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.archived = True
    draft = only(watch.look(hours=24), "signals")
    assert (draft.fields["kind"], draft.fields["direction"]) == ("governance_change", "weakens")
    assert not draft.is_machine_verified
    assert_fits_its_table(draft)
    hosted.archived = False
    assert only(watch.look(hours=24), "signals").fields["direction"] == "strengthens"


def test_a_repository_made_private_is_a_withdrawal_to_be_reviewed(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.visibility = "private"
    draft = only(watch.look(hours=24), "signals")
    assert draft.fields["kind"] == "withdrawal"
    assert not draft.is_machine_verified


@pytest.mark.parametrize(("status", "words"), [(404, "is no longer public"), (451, "for legal reasons")])
def test_a_repository_that_is_gone_is_proposed_once(hosted: GitHub, watch: Watch, status: int, words: str) -> None:
    watch.look()
    hosted.gone = status
    assert watch.look(hours=25).drafts == watch.look(hours=25).drafts == ()
    draft = only(watch.look(hours=25), "signals")
    assert draft.fields["kind"] == "withdrawal"
    assert words in draft.fields["summary"]
    assert draft.fields["occurred_on"] == "2026-11-03"
    assert not draft.is_machine_verified
    assert_fits_its_table(draft)
    assert watch.look(hours=25).drafts == ()


def test_gone_is_not_said_while_nothing_proves_that_github_answers_us(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.gone = 404
    hosted.outages["/repos/octocat"] = Reply(404)
    for _ in range(5):
        catch = watch.look(hours=25)
        assert catch.drafts == ()
    assert catch.warnings


def test_one_that_never_answered_cannot_be_withdrawn(hosted: GitHub, watch: Watch) -> None:
    hosted.gone = 404
    assert all(watch.look(hours=25).drafts == () for _ in range(5))


@pytest.mark.parametrize(
    "outage",
    [
        Reply(500),
        Reply(401, b'{"message": "Bad credentials"}'),
        Reply(403, b'{"message": "Resource not accessible"}'),
        Reply(200, b""),
        Reply.page(),
        Reply.json({"message": "ok"}),
        Reply.json([]),
    ],
)
def test_a_failing_answer_changes_nothing(hosted: GitHub, watch: Watch, outage: Reply) -> None:
    watch.look()
    before = dict(watch.feed.cursor)
    hosted.outage = outage
    for _ in range(4):
        with pytest.raises(FetchError):
            watch.look(hours=25)
        Host.objects.all().delete()
    assert watch.feed.cursor == before


def test_the_hourly_limit_is_obeyed(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    reset = START + timedelta(minutes=40)
    limit = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(reset.timestamp()))}
    hosted.outage = Reply(403, b'{"message": "API rate limit exceeded"}', limit)
    with pytest.raises(HostBusy) as busy:
        watch.look(minutes=1)
    assert busy.value.not_before >= reset
    asked = len(hosted.asked)
    with pytest.raises(HostBusy):
        watch.look(minutes=20)
    assert len(hosted.asked) == asked


def test_a_new_name_is_an_alias_and_is_asked_for_from_then_on(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.full_name, hosted.former_names = "acorn/Oak-Models", {"acorn/Oak"}
    catch = watch.look(hours=24)
    assert catch.drafts == ()
    assert catch.cursor["alias"] == "acorn/Oak-Models"
    hosted.asked.clear()
    watch.look(hours=24)
    assert all(path.startswith("/repos/acorn/Oak-Models") for path in hosted.paths())


def test_another_repository_under_the_old_name_starts_anew(hosted: GitHub, watch: Watch) -> None:
    watch.look()
    hosted.number, hosted.archived, hosted.spdx_id, hosted.license_text = 4712, True, "BUSL-1.1", "Other terms."
    catch = watch.look(hours=24)
    assert of_table(catch, "signals") == of_table(catch, "license_changes") == []
    assert any("another repository" in warning for warning in catch.warnings)


def test_what_is_not_modified_is_not_read_again(hosted: GitHub, watch: Watch) -> None:
    hosted.release(1, "v1.0", START - timedelta(days=1))
    watch.look()
    hosted.asked.clear()
    catch = watch.look(hours=24)
    assert all(asked.headers["if-none-match"] for asked in hosted.asked)
    assert (catch.seen, catch.drafts, catch.captures) == ((), (), ())
    assert all(asked.token == TOKEN for asked in hosted.asked)


# Releases and reach -------------------------------------------------------------------------------


def test_releases_are_items_and_drafts_are_not(hosted: GitHub, watch: Watch) -> None:
    hosted.release(1, "v1.0", START - timedelta(days=1))
    hosted.release(2, "v1.1-rc1", START, prerelease=True, name=None)
    hosted.release(3, "v2.0", None, draft=True)
    hosted.release(4, "v1.2", None)
    seen = {each.identity: each for each in watch.look().seen}
    assert set(seen) == {"github-release-1", "github-release-2", "github-release-4"}
    assert seen["github-release-1"].title == "acorn/Oak: release Oak v1.0"
    assert seen["github-release-1"].published_on == date(2026, 11, 1)
    assert seen["github-release-2"].title == "acorn/Oak: pre-release v1.1-rc1"
    assert seen["github-release-4"].published_on is None, "never today"
    assert Snapshot.objects.filter(sha256=seen["github-release-4"].snapshot).count() == 1


def test_stars_are_counted_once_a_month(hosted: GitHub, watch: Watch) -> None:
    draft = only(watch.look(), "reach")
    assert (draft.fields["metric"], draft.fields["value"], draft.fields["family"]) == ("github_stars", "1200", "oak")
    assert draft.is_machine_verified
    assert_fits_its_table(draft)
    hosted.stars = 1300
    assert of_table(watch.look(days=1), "reach") == []
    assert only(watch.look(days=30), "reach").fields["value"] == "1300"


ODD: tuple[object, ...] = ("text", 7, -3, 2.5, True, None, [], [1], {}, {"a": 1}, "\ud800\x00", 10**30)


@pytest.mark.parametrize("key", ["archived", "visibility", "stargazers_count", "license", "default_branch", "future"])
def test_an_odd_field_is_unknown_and_breaks_nothing(hosted: GitHub, watch: Watch, key: str) -> None:
    watch.look()
    for odd in ODD:
        hosted.extra = {key: odd}
        for draft in watch.look(hours=6).drafts:
            assert key == "archived"
            assert odd is True
            assert_fits_its_table(draft)
        hosted.extra = {}
        watch.look(hours=6)
