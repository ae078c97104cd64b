import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskboard.ingest.licenserules import Verdict
from riskboard.ingest.licensetext import LONGEST, Redline, clauses, clean, redline

COMMUNITY = """# Acorn Community License

Version 1.0, released January 5, 2025

1. **Grant.** We grant you a non-exclusive, worldwide, royalty-free license to use, copy
   and distribute the Materials.

2. Size. If your products have more than 700 million monthly active users, you must request a license from us.

3. Conduct. You may not use the Materials to break the law.

4. Marks. Copyright notices stay where they are.

(a) Keep this text with each copy.
"""
MIT = """MIT License

Copyright (c) 2025 Acorn

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
RESEARCH = """Acorn Research License

1. Grant. We grant you a license to use the Materials for non-commercial or research purposes only.

2. Commerce. If you want to use the Materials commercially, you shall request a license from us.

3. End. We may terminate this agreement at any time and for any reason.
"""


def compare(before: str, after: str) -> Redline:
    return redline(clean(before), clean(after))


def edited(old: str, new: str) -> Redline:
    assert COMMUNITY.count(old) == 1
    return compare(COMMUNITY, COMMUNITY.replace(old, new))


# The cleaned version ------------------------------------------------------------------------------


def test_a_cleaned_text_is_paragraphs_without_markup_or_hard_line_breaks() -> None:
    cleaned = clean(COMMUNITY)
    assert cleaned.startswith("Acorn Community License\n\nVersion 1.0")
    assert (
        "1. Grant. We grant you a non-exclusive, worldwide, royalty-free license to use, copy and distribute" in cleaned
    )


@pytest.mark.parametrize(
    "raw",
    [
        COMMUNITY.encode(),
        b"\xef\xbb\xbf" + COMMUNITY.encode(),
        COMMUNITY.replace("\n", "\r\n").encode(),
        COMMUNITY.encode("utf-16"),
        ("---\nlicense: other\n---\n" + COMMUNITY).encode(),
        COMMUNITY.replace("   and", "\u200b   and\u00a0").encode(),
        COMMUNITY.replace("a license from", "a license\nfrom").encode(),
    ],
)
def test_encodings_line_ends_and_hidden_characters_make_no_difference(raw: bytes) -> None:
    assert clean(raw) == clean(COMMUNITY)


def test_typographic_quotes_and_dashes_make_no_difference() -> None:
    assert clean("the “Works” — we’ll say ‘so’") == clean("the \"Works\" - we'll say 'so'")


def test_a_page_of_html_is_read_as_its_text() -> None:
    assert clean("<!DOCTYPE html><html><body><p>You may use it &amp; share it.</p></body></html>") == (
        "You may use it & share it."
    )


def test_clauses_have_their_numbers() -> None:
    assert [clause.label for clause in clauses(clean(COMMUNITY))] == ["", "", "1.", "2.", "3.", "4.", "(a)"]
    items = clean("Uses:\n- one thing\n- another thing\nSection 2. Law\n2.1 Courts decide.")
    assert [clause.label for clause in clauses(items)] == ["", "-", "-", "Section 2.", "2.1"]


# Cosmetic -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1. **Grant.**", "1) GRANT:"),
        ("3. Conduct.", "4. Conduct."),
        ("Version 1.0, released January 5, 2025", "Version 1.1, released March 9, 2026"),
        ("4. Marks.", "Copyright (c) 2026 Acorn, Inc.\n\n4. Marks."),
        ("where they are.", "where they are. https://acorn.example/license legal@acorn.example"),
        ("Materials to break", "Matreials to break"),
        ("Acorn Community License", "ACORN COMMUNITY LICENSE"),
    ],
)
def test_numbers_case_dates_addresses_and_typing_errors_are_cosmetic(old: str, new: str) -> None:
    assert edited(old, new).verdict is Verdict.COSMETIC


def test_clauses_in_another_order_are_cosmetic_and_shown_as_moved() -> None:
    marks = "4. Marks. Copyright notices stay where they are.\n\n"
    moved = COMMUNITY.replace(marks, "").replace("1. **Grant.**", marks + "1. **Grant.**")
    change = compare(COMMUNITY, moved)
    assert change.verdict is Verdict.COSMETIC
    assert {each.kind for each in change.changes} == {"moved"}


def test_the_same_text_differs_in_nothing() -> None:
    change = compare(COMMUNITY, COMMUNITY)
    assert (change.verdict, change.changes, change.reason) == (Verdict.COSMETIC, (), "Nothing differs.")


# Tighter and looser -------------------------------------------------------------------------------

TIGHTER = [
    ("700 million", "100 million", "2."),
    ("700 million", "500,000", "2."),
    ("break the law", "break the law or to make weapons", "3."),
    ("break the law.", "break the law.\n\n5. You must not use the Materials in critical infrastructure.", "5."),
    ("distribute the Materials.", "distribute the Materials for non-commercial purposes only.", "1."),
    ("worldwide,", "worldwide (the European Union excluded),", "1."),
    ("where they are.", "where they are.\n\n5. We may terminate this license at any time.", "5."),
    ("where they are.", "where they are.\n\n5. A royalty of 2% of sales is due each year.", "5."),
    ("where they are.", 'where they are.\n\n5. You must prominently display "Built with Acorn".', "5."),
    ("where they are.", "where they are.\n\n5. You will not use outputs to train any other AI model.", "5."),
    ("where they are.", "where they are.\n\n5. We may change these terms by a notice.", "5."),
    ("where they are.", "where they are.\n\n5. You must register with us before first use.", "5."),
    ("worldwide, royalty-free license", "worldwide license", "1."),
    ("use, copy\n   and distribute", "use", "1."),
]


@pytest.mark.parametrize(("old", "new", "label"), TIGHTER)
def test_a_tighter_clause_decides_and_is_named(old: str, new: str, label: str) -> None:
    change = edited(old, new)
    assert change.verdict is Verdict.TIGHTER
    assert change.decided_by is not None
    assert change.decided_by.clause.startswith(label)


@pytest.mark.parametrize(("old", "new", "label"), TIGHTER)
def test_taking_it_back_is_looser(old: str, new: str, label: str) -> None:
    change = compare(COMMUNITY.replace(old, new), COMMUNITY)
    assert change.verdict is Verdict.LOOSER
    assert change.decided_by is not None


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (RESEARCH, COMMUNITY, Verdict.LOOSER),
        (COMMUNITY, RESEARCH, Verdict.TIGHTER),
        (RESEARCH, MIT, Verdict.LOOSER),
        (MIT, RESEARCH, Verdict.TIGHTER),
        (MIT, COMMUNITY, Verdict.TIGHTER),
        (COMMUNITY, MIT, Verdict.LOOSER),
    ],
)
def test_a_license_replaced_as_a_whole(before: str, after: str, verdict: Verdict) -> None:
    assert compare(before, after).verdict is verdict


def test_a_free_license_with_one_clause_added_is_tighter_by_that_clause() -> None:
    clause = (
        "If the Software is used for any product that has more than 100 million monthly active users, or more than 20"
        ' million US dollars in monthly revenue, you shall prominently display "Acorn" in its user interface.'
    )
    change = compare(MIT, f"Modified {MIT}\n\n{clause}")
    assert change.verdict is Verdict.TIGHTER
    assert change.decided_by is not None
    assert change.decided_by.clause == clean(clause)


@pytest.mark.parametrize("amount", ["$20 million", "USD20 million", "RMB 20,000,000", "2.5 million dollars"])
def test_sums_of_money_are_no_version_numbers(amount: str) -> None:
    limit = "You must request a license if your yearly revenue exceeds {}."
    change = compare(limit.format(amount), limit.format(amount.replace("2", "1")))
    assert change.verdict is Verdict.TIGHTER
    assert change.reason.startswith("Changed: a limit by revenue")


def test_a_limit_above_the_old_one_is_looser_and_both_are_said() -> None:
    change = edited("700 million", "1 billion")
    assert change.verdict is Verdict.LOOSER
    assert change.reason == "Changed: a limit by users, from 700,000,000 to 1,000,000,000."


# What no rule decides -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Copyright notices stay", "Courts in Zurich decide. Copyright notices stay"),
        ("Keep this text", "Burn this text"),
        ("a license from us", "a license from them"),
    ],
)
def test_a_change_of_meaning_that_no_rule_knows_is_left_to_a_person(old: str, new: str) -> None:
    change = edited(old, new)
    assert change.verdict is Verdict.UNCLEAR
    assert change.decided_by is None


def test_changes_of_equal_weight_that_disagree_decide_nothing() -> None:
    after = COMMUNITY.replace("700 million", "900 million") + "\n5. A royalty is due for every copy.\n"
    change = compare(COMMUNITY, after)
    assert change.verdict is Verdict.UNCLEAR
    assert {finding.verdict for finding in change.findings} == {Verdict.TIGHTER, Verdict.LOOSER}


@pytest.mark.parametrize(
    ("old", "new"),
    [("You may not use", "You may now use"), ("700 million", "700 billion"), ("us.", "us, or not.")],
)
def test_small_edits_that_turn_the_meaning_are_never_cosmetic(old: str, new: str) -> None:
    assert compare(COMMUNITY, COMMUNITY.replace(old, new, 1)).verdict is not Verdict.COSMETIC


# The redline --------------------------------------------------------------------------------------


def test_a_changed_clause_is_shown_word_by_word() -> None:
    [change] = edited("700 million", "100 million").changes
    assert (change.kind, change.before and change.before.label, change.after and change.after.label) == (
        "changed",
        "2.",
        "2.",
    )
    assert change.words == (
        ("same", "2. Size. If your products have more than"),
        ("removed", "700"),
        ("added", "100"),
        ("same", "million monthly active users, you must request a license from us."),
    )


def test_added_and_removed_clauses_stand_alone_between_unchanged_ones() -> None:
    after = COMMUNITY.replace(
        "4. Marks. Copyright notices stay where they are.", "4. Courts. Zurich decides everything."
    )
    kinds = sorted(change.kind for change in compare(COMMUNITY, after).changes)
    assert kinds == ["added", "removed"]


texts = st.lists(
    st.sampled_from(
        ["You may not ", "use", " 1. ", "\n\n", "\n", "(a) ", "more than 5 million users", ". ", "%", "x", "##", "é"]
    ),
    max_size=40,
).map("".join) | st.text(max_size=200)


@given(before=texts, after=texts)
def test_any_two_texts_can_be_compared(before: str, after: str) -> None:
    change = compare(before, after)
    assert (change.decided_by is not None) == (change.verdict in {Verdict.TIGHTER, Verdict.LOOSER})
    shown = {side for each in change.changes for side, _ in each.words}
    assert shown <= {"same", "added", "removed"}


@given(texts)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert redline(once, clean(once)).verdict is Verdict.COSMETIC


@given(st.binary(max_size=400))
def test_any_bytes_are_cleaned_to_text_that_can_be_stored(raw: bytes) -> None:
    cleaned = clean(raw)
    assert "\x00" not in cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("not " * 90_000, "not " * 80_000),
        ("a.\n\n" * 70_000, "a.\n\n" * 60_000 + "b."),
        ("1. you may not do. " * 15_000, "1. you may not do. " * 14_000),
        ("You may not " + "x" * 400_000, "you may " + "y " * 90_000),
        ("**" * 100_000, "<" * 100_000),
    ],
)
def test_hostile_texts_come_to_an_end(before: str, after: str) -> None:
    assert len(clean(before)) <= LONGEST + 2
    assert compare(before, after).verdict in set(Verdict)


@pytest.mark.parametrize(
    ("text", "language"), [("本许可仅限研究用途。", "zh"), ("Лицензия только для исследований.", "ru")]
)
def test_what_is_not_in_english_is_not_classified(text: str, language: str) -> None:
    for change in (compare(COMMUNITY, text), compare(text, COMMUNITY)):
        assert (change.verdict, change.decided_by) == (Verdict.UNCLEAR, None)
        assert f"({language})" in change.reason
    assert compare(text, f"{text}\n").verdict is Verdict.COSMETIC


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("第二条 您可以复制。", "第二条 您不可以复制。"),
        ("Вы можете незаконно копировать это.", "Вы можете законно копировать это."),
        (f"{COMMUNITY}\n\n您可以复制和使用。", f"{COMMUNITY}\n\n您不可以复制和使用。"),
    ],
)
def test_one_character_of_another_language_may_be_a_not(before: str, after: str) -> None:
    assert compare(before, after).verdict is Verdict.UNCLEAR


def test_a_redline_holds_every_clause_of_the_new_text_in_its_order() -> None:
    after = COMMUNITY.replace("3. Conduct. You may not use the Materials to break the law.\n\n", "")
    change = compare(COMMUNITY, after)
    kept = [each.after for each in change.clauses if each.after]
    assert kept == list(clauses(clean(after)))
    assert [each.kind for each in change.clauses] == ["same"] * 4 + ["removed"] + ["same"] * 2


@pytest.mark.parametrize(
    "pair",
    [("a " * 150_000, "a " * 140_000 + "b"), ("You may.\n\n" * 60_000, "You must.\n\n" * 60_000)],
    ids=["one word", "many lines"],
)
def test_a_text_made_to_be_slow_is_compared_as_a_whole(pair: tuple[str, str]) -> None:
    """Word by word, these take minutes: the words of a clause are then removed and added as one."""
    words = [side for each in compare(*pair).clauses for side, _ in each.words]
    assert sorted(words[-2:]) == ["added", "removed"]
