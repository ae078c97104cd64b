"""How catalog rows become the engine's facts, in the words that the method page prints."""

from typing import NamedTuple


class Rule(NamedTuple):
    name: str
    text: str


RULES: tuple[Rule, ...] = (
    Rule(
        "What was public",
        "A row counts from the day it became public. Where that day is not stated it is the last day that the "
        "stated precision allows, never an earlier one; a row without any such day is listed but not used.",
    ),
    Rule(
        "Releases",
        "A release is announced on the earlier of its release day and the day it was first offered hosted. "
        "Hosted only means closed; a missing weights date otherwise means unknown. Weights behind a form that "
        "anyone may fill in are open.",
    ),
    Rule(
        "One launch",
        "Flagships of a line within 90 days of the first of them are one launch, judged by the largest of known size.",
    ),
    Rule(
        "Terms of a line",
        "The license of a line on a day is that of its newest open flagship, failing that of its newest open "
        "release, else unknown. A change that reaches all versions moves the releases already out under the "
        "old license.",
    ),
    Rule(
        "Clauses",
        "A clause counts only when it is stated. A clause that nobody read is unknown, not absent, and a "
        "threshold that asks only for a display of the name limits nothing.",
    ),
    Rule(
        "License changes",
        "A change in the terms of weights is an event. Its severity follows from how far the two licenses lie "
        "apart: 5 to or from hosted only, 4 across a category, 3 for a new or dropped threshold, territory or "
        "use limit, 2 for anything else, one more when versions already out are reached, at most 5. Changes "
        "of code or of a use policy are listed only, and going hosted only is said by the release. A change "
        "that leaves the terms of the line's flagship alone and concerns smaller models counts at the "
        "rubric's sibling weight and does not make the line one of tightened terms.",
    ),
    Rule(
        "Nothing twice",
        "A signal of an opening, a closing or a change of terms counts only when no record of the same line "
        "(or vendor) within 14 days says the same; it waits those 14 days, so that a later record never "
        "reaches back. A withdrawal told by a signal within 14 days is one event and the signal's severity "
        "holds; otherwise the record counts with severity 4 once the 14 days are over. Every other signal is "
        "an event of its own unless rows name a common event.",
    ),
    Rule(
        "Whose evidence",
        "Rows about the vendor count in full for each of its lines. Signals and license changes of a sibling "
        "line count at the rubric's sibling weight; releases, promises and facts of a sibling line do not "
        "count.",
    ),
    Rule(
        "Who says so",
        "Reports of one publisher about one event count once. Rows without Admiralty codes get A2 for high, "
        "B3 for medium and D3 for low confidence. A row recalled without a source gets F6, is shown as "
        "unverified and weighs nothing.",
    ),
    Rule(
        "Facts about the vendor",
        "The family of the newest flagship decides where it has a row of its own, else the vendor's row. The "
        "value “unknown” is unknown.",
    ),
    Rule(
        "Promises",
        "Promises of the line and of its vendor count from the day they were made; one without a day is left "
        "out. A promise recorded as superseded ends on that day, one recorded as broken is a breach on that "
        "day.",
    ),
)
