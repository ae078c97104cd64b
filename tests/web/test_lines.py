import html
import json
import math
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.loading import SHIPPED, load_evidence
from riskboard.catalog.models import License, Line, Release, Ruling, Source
from riskboard.catalog.terms import reached, terms_on
from riskboard.web.pages.explained import ExplainedPeriod
from riskboard.web.pages.keeping import kept, terms_page
from riskboard.web.pages.lines import judged, line_page
from scoring import selectors
from scoring.services import rescore
from tests import cast

TODAY = date(2026, 4, 20)
NOTHING_ASKED: dict[str, object] = {
    "as_of": None,
    "range": "",
    "event": "",
    "day": None,
    "from": None,
    "to": None,
    "without": (),
    "view": "",
    "recalled": "",
}
UNREAD: dict[str, object] = {
    "text_read": False,
    "use_restrictions": None,
    "output_training_restriction": None,
    "naming_obligation": None,
    "terminable": None,
    "irrevocable": None,
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(db: None) -> cast.Player:
    return cast.rated_hedger()


@pytest.fixture
def breaker(db: None) -> cast.Player:
    return cast.breaker()


def get(client: Client, player: cast.Player, **asked: str | list[str]) -> str:
    response = client.get(player.line.get_absolute_url() + "?" + urlencode(asked, doseq=True))
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def text_of(page: str) -> str:
    """What a person reads, one space between words."""
    without_scripts = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without_scripts))


def answer(page: str, question: str) -> str:
    return text_of(page.split(f"<dt>{question}</dt>")[1].split("</dd>", maxsplit=1)[0])


def chart_of(page: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(
        page.split('<script id="timeline-data" type="application/json">')[1].split("</script>", maxsplit=1)[0]
    )
    return found


# The first screen ---------------------------------------------------------------------------------


def test_the_page_answers_five_questions_from_what_is_on_record(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger)
    newest_open, hosted = hedger.releases[1], hedger.releases[2]
    assert f"Yes: {newest_open.name}, 18 Jun 2025." in answer(page, "Usable today?")
    assert f"Newer flagships without weights: {hosted.name}." in answer(page, "Usable today?")
    assert "restricted open weights" in answer(page, "Under what terms?")
    assert "100m mau then license needed" in answer(page, "Under what terms?").lower()
    assert "1 promise on record: 1 at risk." in answer(page, "What is promised?")
    assert "No rate is given." in answer(page, "How likely to change?")
    steps = answer(page, "What should I do?")
    assert "Check yourself against the limit" in steps
    assert "Test a fallback from another vendor than Hedger" in steps


def test_the_state_with_its_date_stands_before_words_and_words_before_the_number(
    client: Client, hedger: cast.Player
) -> None:
    card = text_of(get(client, hedger).split('id="verdict-title"')[1].split("</section>")[0])
    state, words, number = (
        card.index(part) for part in ("mixed since 9 Jul 2025", "No rate is given", "durability 0–100")
    )
    assert state < words < number
    assert "Reconstructed, experimental." in card
    assert "Prices are not tracked." in card
    assert "newest evidence" in card


def test_a_line_too_thin_to_rate_has_no_likelihood(client: Client, db: None) -> None:
    page = get(client, cast.hedger())
    assert "times a line at risk" not in page
    assert "Too thin to rate: nothing is said of the next flagship" in text_of(page)
    assert "the evidence is too thin to rate" in answer(page, "How likely to change?")


def test_a_closed_line_has_no_likelihood_and_says_what_remains(client: Client, breaker: cast.Player) -> None:
    page = get(client, breaker)
    assert "closed since 3 Jun 2025" in text_of(page)
    assert "times a line at risk" not in page
    assert "Nothing is left to forecast." in text_of(page)
    assert f"What remains is {breaker.releases[1].name}." in text_of(page)
    assert "Choose a successor from another vendor than Breaker" in answer(page, "What should I do?")


def test_a_line_without_any_evidence_says_so_everywhere(client: Client, db: None) -> None:
    line = cast.make_line()
    page = text_of(client.get(line.get_absolute_url()).content.decode())
    for sentence in ("Unknown: no release is on record.", "Nothing on record.", "No release is on record."):
        assert sentence in page
    assert "none to keep" in page


def test_terms_told_on_the_page_of_another_release_say_whose_it_is() -> None:
    def release(name: str, url: str) -> Release:
        return Release(name=name, released_on=TODAY, source=Source(url=url))

    ours, other = release("Ours", "https://host.test/us/ours"), release("Other", "https://host.test/us/other/commit/1")
    license_ = License(name="Terms", source=Source(url="https://host.test/us/other/blob/LICENSE"))
    told = terms_page(kept(ours, (), (), TODAY), (ours, other))
    assert told is None  # no license is known
    ours.license = other.license = license_
    found = terms_page(kept(ours, (), (), TODAY), (ours, other))
    assert found is not None
    assert found.names == ("Other",)
    assert terms_page(kept(other, (), (), TODAY), (ours, other)) is None


def test_terms_that_nobody_read_are_unknown_clause_by_clause(client: Client, db: None) -> None:
    unread = cast.make_license("unread-1.0", **UNREAD)
    release = cast.make_release(license=unread)
    page = client.get(release.family.line.get_absolute_url()).content.decode()
    kept_card = text_of(page.split('id="kept"')[1].split("</section>")[0])
    assert kept_card.count("unknown: text not read") >= 5
    assert "Its text was not read here" in answer(page, "Under what terms?")
    assert "Read Unread-1.0 before you build on" in answer(page, "What should I do?")


def test_weights_that_may_never_have_come_are_not_usable(client: Client, db: None) -> None:
    opened = cast.make_release(released_on=date(2025, 1, 15))
    cast.make_release(opened.family, date(2025, 6, 1), access="restricted", weights_on=None)
    page = client.get(opened.family.line.get_absolute_url()).content.decode()
    assert f"Yes: {opened.name}" in answer(page, "Usable today?")
    assert "access unknown" in page


# Why -----------------------------------------------------------------------------------------------


def test_the_items_add_up_to_the_score_and_the_base_stands_first(client: Client, hedger: cast.Player) -> None:
    page = line_page(hedger.line, NOTHING_ASKED, TODAY)
    items = [page.why.base, *page.why.holds, *page.why.breaks, *([page.why.bound] if page.why.bound else [])]
    assert math.isclose(math.fsum(item.points for item in items), page.why.score, abs_tol=1e-9)
    first = get(client, hedger).split('<ul class="why">')[1].split("</li>")[0]
    assert text_of(first).split() == ["46.0", *["Where", "every", "line", "starts"]]


def test_every_item_leads_to_its_evidence(client: Client, hedger: cast.Player) -> None:
    page = line_page(hedger.line, NOTHING_ASKED, TODAY)
    without_rows = {item.label for item in (*page.why.holds, *page.why.breaks) if not item.cited}
    assert without_rows <= {"Wide reach under commercial pressure"}
    assert "B2" in get(client, hedger).split('id="why"')[1].split("</section>")[0]


def test_what_if_is_computed_anew_and_has_an_address(client: Client, hedger: cast.Player) -> None:
    whole = line_page(hedger.line, NOTHING_ASKED, TODAY).why
    event = next(item for item in whole.breaks if item.event)
    other = line_page(hedger.line, NOTHING_ASKED | {"without": (event.event,)}, TODAY).why.what_if
    assert other is not None
    expected, _ = selectors.what_if(hedger.line, TODAY, remove=[event.event])
    assert other.change == pytest.approx(expected)
    assert other.share == pytest.approx(event.points)
    shown = text_of(get(client, hedger, without=[event.event]).split('id="why"')[1])
    assert "if it had not happened" in shown
    assert "share of the score as it is" in shown
    assert "Count it again" in shown


def test_the_page_and_the_export_judge_alike(hedger: cast.Player) -> None:
    found = judged(hedger.line, None, TODAY)
    dossier, assessment = selectors.assessment_of(hedger.line, TODAY)
    assert found.dossier == dossier
    assert found.assessment == assessment


# The timeline --------------------------------------------------------------------------------------


def test_the_table_holds_everything_that_the_canvas_shows(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, range="all")
    chart, table = chart_of(page), page.split('id="as-table"')[1].split("</details>")[0]
    assert {mark["reference"] for mark in chart["marks"]} == set(re.findall(r'data-reference="([^"]+)"', table))
    assert {mark["lane"] for mark in chart["marks"]} == {"release", "license", "pledge", "signal"}
    assert text_of(table).count("reconstructed") == len(chart["points"])
    assert chart["terms"]


def test_a_mark_says_by_shape_and_word_what_its_color_says(client: Client, hedger: cast.Player) -> None:
    marks = {mark["name"]: mark for mark in chart_of(get(client, hedger, range="all"))["marks"]}
    assert marks[hedger.releases[0].name]["shape"] == "disc"
    assert marks[hedger.releases[2].name]["shape"] == "ring"
    assert marks[hedger.releases[2].name]["reading"] == "API only, flagship"
    assert marks["Monetization shift at Hedger."]["shape"] == "down"
    assert marks["Reach milestone at Hedger."]["shape"] == "up"


def test_an_event_opens_with_its_source_grade_dates_and_effect(client: Client, hedger: cast.Player) -> None:
    signal = hedger.vendor.signals.get(kind="monetization_shift")
    card = get(client, hedger, event=f"signal:{signal.key}").split('id="explained"')[1].split("</section>")[0]
    for part in ("20 May 2025", "weakens", "B2", signal.source.url, "We count this as −", "Half of its weight"):
        assert part in card
    assert text_of(card).count("recorded") == 1


def test_a_day_is_explained_as_it_was_then(client: Client, hedger: cast.Player) -> None:
    card = text_of(get(client, hedger, day="2025-05-20").split('id="explained"')[1].split("</section>")[0])
    then = selectors.assessment_of(hedger.line, date(2025, 5, 20))[1]
    assert f"On 20 May 2025: durability {then.durability:.0f}" in card
    assert "Monetization shift at Hedger." in card


def test_what_changed_in_a_period_adds_up_to_the_difference(hedger: cast.Player, client: Client) -> None:
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    period = line_page(hedger.line, NOTHING_ASKED | {"from": first, "to": last}, TODAY).timeline.explained
    before, after = (selectors.assessment_of(hedger.line, day)[1].durability for day in (first, last))
    assert isinstance(period, ExplainedPeriod)
    assert period.total == pytest.approx(after - before, abs=1e-9)
    for cause in period.causes:
        listed = math.fsum(part.change.points for part in cause.listed) + cause.small
        assert listed == pytest.approx(cause.points, abs=1e-9)
    page = get(client, hedger, **{"from": first.isoformat(), "to": last.isoformat()})
    card = page.split('id="explained"')[1].split("</section>")[0]
    assert "Sum: the difference between the two scores" in card


def test_a_past_day_shows_nothing_that_came_later(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, as_of="2025-06-01", range="all")
    assert hedger.releases[0].name in page
    assert hedger.releases[1].name not in page
    assert hedger.releases[2].name not in page
    assert '<td data-label="Recorded"><span class="tag open">open</span></td>' in page
    assert "The largest model stayed hosted only." not in page
    assert all(mark["on"] <= "2025-06-01" for mark in chart_of(page)["marks"])


def test_a_past_day_has_the_ruling_of_that_day(client: Client, hedger: cast.Player) -> None:
    Ruling.objects.filter(pledge=hedger.pledge, status="open").update(status="partly_kept", ruled_on=date(2025, 5, 1))
    tag = '<td data-label="Recorded"><span class="tag {}">{}</span>'
    assert tag.format("partly_kept", "partly kept") in get(client, hedger, as_of="2025-07-08")
    assert "1 partly kept." in get(client, hedger, as_of="2025-07-08")
    assert tag.format("at_risk", "at risk") in get(client, hedger, as_of="2025-07-09")
    before = get(client, hedger, as_of="2025-04-30")
    assert tag.format("unknown", "not judged yet") in before, "there is no ruling of that day"


def test_the_chosen_range_is_marked_and_kept_by_every_form(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, range="1y", as_of="2025-12-01")
    assert re.search(r'href="\?range=1y&as_of=2025-12-01"[^>]*aria-current="true"', page)
    assert page.count('<input type="hidden" name="range" value="1y">') == 3
    assert all(mark["on"] >= "2024-12-01" for mark in chart_of(page)["marks"])


def test_a_line_that_fell_silent_shows_all_of_its_past(client: Client, db: None) -> None:
    release = cast.make_release(released_on=date(2021, 5, 1))
    page = html.unescape(client.get(release.family.line.get_absolute_url()).content.decode())
    assert [mark["name"] for mark in chart_of(page)["marks"]] == [release.name]


# Trust ---------------------------------------------------------------------------------------------


def test_recalled_rows_are_tagged_and_weigh_nothing(client: Client, hedger: cast.Player) -> None:
    recalled = cast.make_signal(
        hedger.vendor, "layoffs", summary="Recalled layoffs.", source=cast.make_source(title="recalled")
    )
    page = get(client, hedger, event=f"signal:{recalled.key}")
    card = text_of(page.split('id="explained"')[1].split("</section>")[0])
    assert "recalled, unverified" in card
    assert "weighs nothing" in card


def test_a_hostile_title_stays_text(client: Client, hedger: cast.Player) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    signal = cast.make_signal(hedger.vendor, summary=hostile, source=cast.make_source("https://x.example/1", hostile))
    url = hedger.line.get_absolute_url() + "?" + urlencode({"event": f"signal:{signal.key}", "view": "table"})
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert html.escape(hostile) in page


def test_no_page_carries_style_or_script_inline(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, **{"from": "2025-01-01", "to": "2025-12-31"})
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


# Addresses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"colour": "red"}, "does not know the parameter “colour”"),
        ({"range": "5y"}, "range"),
        ({"view": "chart"}, "view"),
        ({"as_of": "2025-02-31"}, "as_of"),
        ({"as_of": "2031-01-01"}, "in the future"),
        ({"day": "2018-12-31"}, "begin on 2019-01-01"),
        ({"from": "2025-01-01"}, "needs both from and to"),
        ({"from": "2025-05-01", "to": "2025-05-01"}, "must end after it begins"),
        ({"day": "2025-05-01", "event": "signal:x"}, "not for several"),
        ({"as_of": "2025-05-01", "day": "2025-06-01"}, "ask about days up to then"),
        ({"event": "nonsense"}, "Write a reference"),
        ({"event": "signal:unheard-of"}, "has no event “signal:unheard-of”"),
        ({"without": "signal:unheard-of"}, "has no event “signal:unheard-of” to leave out"),
        ({"without": [f"signal:{n}" for n in range(30)]}, "at most 20"),
    ],
)
def test_what_the_page_cannot_answer_gets_a_sentence(
    client: Client, hedger: cast.Player, asked: dict[str, str | list[str]], sentence: str
) -> None:
    response = client.get(hedger.line.get_absolute_url() + "?" + urlencode(asked, doseq=True))
    assert response.status_code == 400
    assert sentence in html.unescape(response.content.decode())


def test_an_unknown_line_is_not_found(client: Client, db: None) -> None:
    assert client.get("/lines/no-such-line/").status_code == 404


@pytest.mark.parametrize("target", ["explained", "timeline", "why"])
def test_a_swap_gets_its_part_of_the_same_page(client: Client, hedger: cast.Player, target: str) -> None:
    url = f"{hedger.line.get_absolute_url()}?day=2025-05-20"
    whole = client.get(url)
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": target})
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    assert "<html" not in part.content.decode()
    assert len(part.content) < len(whole.content)
    assert ("On 20 May 2025" in part.content.decode()) is (target != "why")


def test_a_swap_never_chooses_its_template(client: Client, hedger: cast.Player) -> None:
    answered = client.get(
        hedger.line.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "../errors/500.html"}
    )
    assert "<html" in answered.content.decode()


def test_only_reading_is_allowed(client: Client, hedger: cast.Player) -> None:
    assert client.post(hedger.line.get_absolute_url()).status_code == 405


# The shipped evidence ------------------------------------------------------------------------------


def test_no_line_takes_more_than_twelve_queries(
    client: Client, db: None, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 24))
    load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
    for slug in ("alibaba-language", "alibaba-video", "meta-language", "adept-language"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/lines/{slug}/").status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get("/lines/alibaba-language/?from=2026-03-01&to=2026-03-20&as_of=2026-06-01").status_code == 200
    assert all(len(chart_points(client, slug)) <= 1000 for slug in ("alibaba-language", "meta-language"))


def chart_points(client: Client, slug: str) -> list[dict[str, str]]:
    return chart_of(html.unescape(client.get(f"/lines/{slug}/?range=all").content.decode()))["points"]


def test_open_lines_of_other_vendors_stand_beside_it(client: Client, hedger: cast.Player, breaker: cast.Player) -> None:
    keeper = cast.keeper()
    rescore(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    card = text_of(get(client, hedger).split('id="instead-title"')[1].split("</section>")[0])
    assert keeper.line.short_name in card
    assert breaker.line.short_name not in card
    assert hedger.line.short_name not in card
    assert "as they stand today" in get(client, hedger, as_of="2026-01-01")


# What stays with a copy ----------------------------------------------------------------------------


def test_a_change_for_all_versions_reaches_those_already_out(db: None) -> None:
    old, new = cast.make_license("old-1.0"), cast.make_license("new-1.0")
    release = cast.make_release(license=old, released_on=date(2024, 1, 1))
    change = cast.make_license_change(release.family, old, new, date(2024, 6, 1), applies_to="all_versions")
    assert terms_on(release, [change], date(2024, 5, 31)) == old
    assert terms_on(release, [change], date(2024, 6, 1)) == new
    assert reached(change, release).startswith("reached this release")
    assert kept(release, [], [change], date(2025, 1, 1)).license == new


def test_a_change_for_new_versions_leaves_the_copy_alone(db: None) -> None:
    old, new = cast.make_license("old-1.0"), cast.make_license("new-1.0")
    release = cast.make_release(license=old, released_on=date(2024, 1, 1))
    change = cast.make_license_change(release.family, old, new, date(2024, 6, 1))
    later = cast.make_release(release.family, date(2024, 7, 1), license=new)
    assert terms_on(release, [change], date(2025, 1, 1)) == old
    assert reached(change, release).startswith("did not reach")
    assert reached(change, later).startswith("older than this release")


@pytest.mark.parametrize(
    ("clauses", "verdict"),
    [
        ({"irrevocable": True}, "stays yours"),
        ({"irrevocable": False, "terminable": True}, "can be ended"),
        (UNREAD, "unknown"),
        ({"irrevocable": None}, "not said to last"),
    ],
)
def test_the_verdict_on_a_copy_follows_from_its_clauses(db: None, clauses: dict[str, object], verdict: str) -> None:
    release = cast.make_release(license=cast.make_license("some-1.0", **clauses))
    assert kept(release, [], [], TODAY).verdict == verdict


def test_there_is_no_copy_of_what_is_only_hosted(breaker: cast.Player) -> None:
    hosted = Release.objects.get(pk=breaker.releases[3].pk)
    assert kept(hosted, [], [], TODAY).verdict == "none to keep"
    assert Line.objects.get(pk=breaker.line.pk).short_name == "Breaker models"


def test_the_parts_of_the_score_are_summed_by_dimension(client: Client, hedger: cast.Player) -> None:
    response = client.get(hedger.line.get_absolute_url())
    why = response.context["page"].why
    assert why.base.points + math.fsum(points for _, points in why.subtotals) == pytest.approx(why.score, abs=1e-9)
    parts = text_of(response.content.decode().split('id="why-parts">')[1].split("</p>")[0])
    assert "commercial pressure −" in parts
    assert abs(why.subtotals[0][1]) == max(abs(points) for _, points in why.subtotals)
