"""Old versions of the method stay runnable, and stand beside the new one."""

from datetime import date

import pytest
from django.test import Client

from riskboard.web.pages.versions import differences, names, versions, versions_page
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.selectors import assessments

TODAY = date(2026, 11, 24)
OLD = "durability-0.2.0"
FORMER = "durability-0.3.0"
PAGE = f"/method/versions/{OLD}/{SHIPPED}/"


def test_every_version_says_what_it_changed() -> None:
    assert names()[0] == OLD
    newest, fitted, oldest = versions()
    assert (newest.rubric.name, newest.former, newest.kind, newest.in_force) == (SHIPPED, FORMER, "weights", True)
    assert {one.path.split(".")[-1] for one in newest.differences} == {"cap"}
    assert (fitted.rubric.name, fitted.former, fitted.kind, fitted.in_force) == (FORMER, OLD, "weights", False)
    told = {one.path: (one.before, one.after) for one in fitted.differences}
    assert told["scale.base"] == ("60.0", "46.0")
    assert told["kinds.ipo.magnitude"] == ("8.0", "9.6")
    assert not {path for path in told if path.startswith(("name", "made_on", "fit"))}
    assert oldest.differences == ()
    assert differences(OLD, OLD) == ()


@pytest.mark.django_db
@pytest.mark.usefixtures("scored")
def test_both_versions_score_every_live_line() -> None:
    page = versions_page(OLD, SHIPPED, TODAY)
    assert page is not None
    now = assessments(TODAY)
    assert {row.line.slug for row in page.rows} == {slug for slug, found in now.items() if found.state.is_live}
    for row in page.rows:
        assert row.after == now[row.line.slug]
        assert row.before.rubric == OLD
        assert row.before.contributions[0].points == load_rubric(OLD).scale.base
    rated = [row for row in page.rows if row.rank_after]
    assert sorted(row.rank_after or 0 for row in rated) == list(range(1, len(rated) + 1))
    assert page.order_kept is not None
    assert 0.5 < page.order_kept < 1


@pytest.mark.django_db
def test_an_unknown_version_is_not_found(client: Client) -> None:
    assert client.get(f"/method/versions/durability-9.9.9/{SHIPPED}/").status_code == 404
    assert client.get(f"/method/versions/{SHIPPED}/{SHIPPED}/").status_code == 404
    assert client.get(f"{PAGE}?x=1").status_code == 400
