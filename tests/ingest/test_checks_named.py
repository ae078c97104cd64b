"""The checks of fetching (C-01 to C-18) and of parsing (C-20 to C-27): each stands in the name of a test."""

import re
from pathlib import Path

HERE = Path(__file__).parent
FETCHING, PARSING = range(1, 19), range(20, 28)


def test_every_check_of_fetching_and_parsing_has_a_test_of_its_name() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py"))
    named = {int(number) for number in re.findall(r"^def test_c(\d\d)_", text, re.MULTILINE)}
    assert named >= {*FETCHING, *PARSING}
