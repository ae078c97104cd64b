from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from riskboard.catalog.cells import Cell, CellError, Value, day, decimal, guard, one_of, truth, unguard, whole, words
from riskboard.catalog.kinds import SignalKind

TEXTS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
RISKY = some.from_regex(r"'{0,3}[=+\-@\t\r＝＋－＠\n].*", fullmatch=True)
DAYS = some.dates(date(1800, 1, 1), date(2200, 12, 31))
AMOUNTS = some.decimals(min_value=0, max_value=Decimal("1e15"), places=3)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        (words(), TEXTS | RISKY | some.just("")),
        (words(required=True), TEXTS | RISKY),
        (day(), DAYS | some.none()),
        (truth(), some.booleans() | some.none()),
        (truth("yes", "no", required=True), some.booleans()),
        (decimal(), AMOUNTS | some.none()),
        (whole(), some.integers(0, 10**18 - 1)),
        (one_of(SignalKind), some.sampled_from(SignalKind.values)),
    ],
)
@given(data=some.data())
def test_what_is_rendered_reads_back_as_it_was(
    cell: Cell, values: some.SearchStrategy[Value], data: some.DataObject
) -> None:
    value = data.draw(values)
    assert cell.parse(cell.render(value)) == value


@given(TEXTS | RISKY)
def test_a_guarded_text_never_starts_like_a_formula(text: str) -> None:
    assert guard(text)[0] not in "=+-@\t\r"
    assert unguard(guard(text)) == text


@given(TEXTS | RISKY)
def test_what_is_read_renders_to_the_same_cell(text: str) -> None:
    cell = words()
    try:
        value = cell.parse(text)
    except CellError:
        return
    assert cell.render(value) == text


@pytest.mark.parametrize(("amount", "said"), [("4.500", "4.5"), ("700000000.00", "700000000"), ("0.27", "0.27")])
def test_numbers_are_rendered_without_idle_zeros(amount: str, said: str) -> None:
    assert decimal().render(Decimal(amount)) == said
