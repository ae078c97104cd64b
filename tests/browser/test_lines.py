import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser.waiting import wait_until

TODAY = date(2026, 4, 20)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(transactional_db: None) -> cast.Player:
    return cast.hedger()


@pytest.fixture
def visit(browser_page: Page, hedger: cast.Player) -> Callable[[str], Page]:
    def visit(query: str) -> Page:
        browser_page.goto(hedger.line.get_absolute_url() + query)
        expect(browser_page.locator("#plot")).to_be_visible()
        return browser_page

    return visit


def spot(page: Page, script: str) -> dict[str, float]:
    """Where on the page something of the chart is; ``script`` sees it as ``chart``."""
    page.locator("#plot").scroll_into_view_if_needed()
    found: dict[str, float] = page.evaluate(
        f"""() => {{
            const chart = Chart.getChart(document.querySelector("#plot canvas"));
            const box = chart.canvas.getBoundingClientRect();
            const at = {script};
            return {{ x: box.x + at.x, y: box.y + at.y }};
        }}"""
    )
    return found


def mark_of(page: Page, reference: str) -> dict[str, float]:
    listed = "JSON.parse(document.getElementById('timeline-data').textContent).marks"
    marks = page.evaluate(f"{listed}.map((mark) => mark.reference)")
    return spot(page, f"chart.getDatasetMeta(chart.data.datasets.length - 1).data[{marks.index(reference)}]")


def day_of(page: Page, day: str) -> dict[str, float]:
    x, y = f"chart.scales.x.getPixelForValue(Date.parse('{day}'))", "chart.scales.score.bottom - 20"
    return spot(page, f"({{ x: {x}, y: {y} }})")


def settle_at(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(pattern))


def test_the_chart_draws_lanes_above_the_score(visit: Callable[[str], Page]) -> None:
    page = visit("?range=all")
    drawn: dict[str, Any] = page.evaluate(
        """() => {
            const chart = Chart.getChart(document.querySelector("#plot canvas"));
            const { width, height } = chart.canvas;
            const pixels = chart.ctx.getImageData(0, 0, width, height).data;
            return {
                lanes: chart.scales.lanes.bottom, score: chart.scales.score.top,
                painted: pixels.filter((value, place) => place % 4 === 3 && value > 0).length,
                marks: chart.getDatasetMeta(chart.data.datasets.length - 1).data.length,
            };
        }"""
    )
    assert drawn["lanes"] <= drawn["score"] + 1
    assert drawn["painted"] > 2000
    assert drawn["marks"] == page.locator("#as-table a[data-reference]").count()


def test_a_press_on_a_mark_opens_its_evidence(visit: Callable[[str], Page], hedger: cast.Player) -> None:
    signal = hedger.vendor.signals.get(kind="monetization_shift")
    page = visit("?range=all")
    at = mark_of(page, f"signal:{signal.key}")
    page.mouse.click(at["x"], at["y"])
    expect(page.locator("#explained h2")).to_contain_text("Monetization shift at Hedger.")
    expect(page.locator("#explained a[rel~=noopener]")).to_have_attribute("href", signal.source.url)
    settle_at(page, rf"event=signal%3A{signal.key}")
    page.reload()
    expect(page.locator("#explained h2")).to_contain_text("Monetization shift at Hedger.")
    page.go_back()
    expect(page.locator("#explained")).to_contain_text("Nothing is selected")


def test_a_press_on_the_line_explains_that_day(visit: Callable[[str], Page]) -> None:
    page = visit("?range=1y")
    at = day_of(page, "2025-09-10")
    page.mouse.click(at["x"], at["y"])
    expect(page.locator("#explained h2")).to_have_text(re.compile(r"On \d+ Sep 2025: durability \d+"))
    settle_at(page, r"day=2025-09-\d\d")


def test_a_drag_lists_what_changed_and_it_adds_up(visit: Callable[[str], Page]) -> None:
    page = visit("?range=all")
    start, end = day_of(page, "2025-03-01"), day_of(page, "2025-11-01")
    page.mouse.move(start["x"], start["y"])
    page.mouse.down()
    page.mouse.move((start["x"] + end["x"]) / 2, start["y"])
    page.mouse.move(end["x"], end["y"])
    page.mouse.up()
    expect(page.locator("#explained h2")).to_contain_text("What changed from")
    settle_at(page, r"from=2025-0[23]-\d\d&to=2025-1[01]-\d\d|from=2025-03")
    total = page.locator("#explained [data-total]")
    assert float(total.get_attribute("data-total") or "x") == pytest.approx(
        float(total.get_attribute("data-difference") or "y"), abs=1e-5
    )
    listed = [float(cell.replace("−", "-")) for cell in page.locator("#explained tbody td.num").all_inner_texts()]
    assert sum(listed) == pytest.approx(float(total.inner_text().replace("−", "-")), abs=0.05 * (len(listed) + 1))


def test_arrow_keys_walk_the_events_in_time_order(visit: Callable[[str], Page]) -> None:
    page = visit("?range=all")
    page.locator("#plot").focus()
    said = page.locator("#plot-said")
    heard = []
    for _ in range(page.locator("#as-table a[data-reference]").count()):
        page.keyboard.press("ArrowRight")
        heard.append(said.inner_text())
    names = page.locator("#as-table a[data-reference]").all_text_contents()[::-1]
    assert all(name in words for name, words in zip(names, heard, strict=True))
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#explained h2")).to_contain_text(names[0])
    assert page.evaluate("document.activeElement.id") == "plot"


def test_another_range_redraws_without_leaving_the_page(visit: Callable[[str], Page]) -> None:
    page = visit("")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="1 y", exact=True).click()
    settle_at(page, "range=1y")
    expect(page.locator("#plot")).to_be_visible()
    first = page.evaluate("Chart.getChart(document.querySelector('#plot canvas')).scales.x.min")
    assert first == page.evaluate("Date.parse('2025-04-20')")
    assert page.evaluate("window.stayed") is True


def test_what_if_swaps_the_sum_alone(visit: Callable[[str], Page]) -> None:
    page = visit("")
    page.get_by_role("link", name="What if it had not happened?").first.click()
    expect(page.locator("#why .whatif-result")).to_contain_text("if it had not happened")
    settle_at(page, "without=")
    page.get_by_role("link", name="Count everything").click()
    expect(page.locator("#why .whatif-result")).to_have_count(0)


def test_dark_colors_are_drawn_when_the_scheme_changes(visit: Callable[[str], Page]) -> None:
    page = visit("")
    grid = "Chart.getChart(document.querySelector('#plot canvas')).options.scales.score.grid.color"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(grid)
    page.emulate_media(color_scheme="dark")
    wait_until(page, f"{grid} !== {light!r}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_anyone(visit: Callable[[str], Page], hedger: cast.Player, scheme: str) -> None:
    page = visit("?from=2025-01-01&to=2025-12-31&view=table")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for url in ("", hedger.family.get_absolute_url(), hedger.releases[1].get_absolute_url()):
        if url:
            page.goto(url)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["line", "family", "release"])
def test_a_narrow_screen_needs_no_sideways_scroll(browser_page: Page, hedger: cast.Player, path: str) -> None:
    urls = {
        "line": hedger.line.get_absolute_url() + "?view=table&from=2025-01-01&to=2025-12-31",
        "family": hedger.family.get_absolute_url(),
        "release": hedger.releases[1].get_absolute_url(),
    }
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(urls[path])
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser_page.evaluate(too_wide) <= 0


def test_without_scripts_forms_and_links_do_the_same(
    browser: Browser, live_server: LiveServer, hedger: cast.Player
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(hedger.line.get_absolute_url())
    expect(page.locator("#plot")).to_be_hidden()
    page.get_by_label("Explain the day").fill("2025-07-09")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#explained h2")).to_contain_text("On 9 Jul 2025: durability")
    page.get_by_label("What changed from").fill("2025-01-01")
    page.get_by_label("to", exact=True).fill("2025-12-31")
    page.get_by_role("button", name="List").click()
    expect(page.locator("#explained h2")).to_contain_text("What changed from 1 Jan 2025 to 31 Dec 2025")
    page.locator("#explained ul a").first.click()
    settle_at(page, "event=")
    page.get_by_label("Whole page as of").fill("2025-01-01")
    page.get_by_role("button", name="Go back").click()
    expect(page.locator(".then")).to_contain_text("As of 1 Jan 2025.")
    context.close()
