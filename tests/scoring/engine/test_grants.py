"""When terms are narrower, clause by clause; what nobody read is neither narrower nor equal."""

from dataclasses import replace

import pytest

from scoring.engine.grants import Limit, Terms, is_narrower
from tests.scoring.engine.linecast import FREE, PAID, UNREAD

SALES = Limit("revenue", "", "USD", "year", 1e6)
MAU = Limit("monthly_active_users", "", "", "month", 700e6)


def terms(**changes: object) -> Terms:
    return replace(FREE, license="other", **changes)  # type: ignore[arg-type]


def limited(*limits: Limit) -> Terms:
    return terms(commercial="conditional", limits=limits)


@pytest.mark.parametrize(
    ("new", "old", "narrower"),
    [
        (FREE, FREE, False),
        (terms(), FREE, False),
        (terms(commercial="no"), terms(commercial="on_request"), True),
        (terms(commercial="on_request"), PAID, True),
        (PAID, FREE, True),
        (FREE, PAID, False),
        (limited(MAU), limited(replace(MAU, amount=100e6)), False),
        (limited(replace(MAU, amount=100e6)), limited(MAU), True),
        (limited(MAU), limited(MAU), False),
        (limited(MAU, SALES), limited(), True),
        (limited(), limited(MAU), False),
        (PAID, limited(MAU), None),
        (limited(replace(MAU, amount=None)), limited(MAU), None),
        (limited(MAU), terms(commercial="no"), False),
        (terms(territory=frozenset({"EU", "UK"})), terms(territory=frozenset({"EU"})), True),
        (terms(territory=frozenset()), terms(territory=frozenset({"EU"})), False),
        (terms(uses=True), FREE, True),
        (terms(training=True), FREE, True),
        (terms(uses=False), terms(uses=True), False),
        (terms(gated=True), FREE, True),
        (replace(FREE, gated=True), FREE, True),
        (replace(FREE, gated=None), FREE, None),
        (UNREAD, FREE, None),
        (FREE, UNREAD, None),
        (replace(UNREAD, commercial="no"), FREE, True),
        (terms(commercial="yes", uses=True), PAID, True),
    ],
)
def test_narrower(new: Terms, old: Terms, narrower: bool | None) -> None:
    other = replace(old, license="before") if old.license == "other" else old
    assert is_narrower(new, other) is narrower
