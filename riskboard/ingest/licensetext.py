"""License texts: the cleaned version that is compared, and the clause-by-clause difference between two of them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import zip_longest

from riskboard.ingest import licenserules
from riskboard.ingest.licenserules import Finding, Verdict
from riskboard.ingest.reading.language import language_of

LONGEST = 300_000  # characters; longer texts are no licenses
LONGEST_PAIRING = 40  # clauses of one block that are paired by likeness; more are paired by place
ALIKE = 0.5
MOST_CLAUSES = 1000  # what comes after them is one clause
MOST_WORDS = 3000  # of a clause that is compared word by word
MOST_MEETINGS = 200_000  # pairs of equal words in two clauses; with more of them, comparing takes seconds
LANGUAGES = ("en", "und")  # what the rules can read
READ_FOR_LANGUAGE = 5000  # characters

ITEM = re.compile(
    r"""(?P<label>
        (?:section|article|clause|part)\s+(?:\d+(?:\.\d+)*|[IVX]+)\b[.:]?
      | \d{1,2}(?:\.\d{1,2})*[.)]?(?=\s+[A-Z"'(\[])
      | \(?[a-z]\)(?=\s) | \([ivx]{1,5}\)(?=\s) | [a-z]\.(?=\s+[A-Z])
    )\s*|[-•·]\s+""",
    re.VERBOSE | re.IGNORECASE,
)
NUMBERED = re.compile(r"\d{1,2}\.?\s*$")
MARKUP = re.compile(r"<[^<>]{1,500}>")
HTML = re.compile(r"\s*(?:<!doctype html|<html)", re.IGNORECASE)
FRONT_MATTER = re.compile(r"---\n.{0,20000}?\n---\n", re.DOTALL)
EMPHASIS = re.compile(r"""(?<![\w*_`])[*_`]{1,3}(?=[\w"'(])|(?<=[\w.,;:!?)"'])[*_`]{1,3}(?![\w*_`])""")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
STRAIGHT = str.maketrans("‘’‚‛“”„‟′″‐‑‒–—―−", "''''\"\"\"\"'\"-------")


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered item or a paragraph. ``label`` is its number as written, "" if it has none."""

    label: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.label} {self.text}".strip()

    @property
    def likeness(self) -> str:
        """The same for clauses that differ in numbering, case, spacing or punctuation only."""
        return " ".join(re.findall(r"[^\W_]+", self.text.lower()))


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """``kind``: added, removed, changed, moved or same. ``words``: (same, removed or added; text) in reading order."""

    kind: str
    before: Clause | None
    after: Clause | None
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Redline:
    """``decided_by`` names the clause that decided; without one nothing did: cosmetic, or a person has to read it."""

    verdict: Verdict
    clauses: tuple[ClauseChange, ...]  # every clause of the new text, in its order, and what went
    decided_by: Finding | None
    findings: tuple[Finding, ...]
    reason: str

    @property
    def changes(self) -> tuple[ClauseChange, ...]:
        return tuple(change for change in self.clauses if change.kind != "same")


def decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def clean(raw: bytes | str) -> str:
    """What a comparison uses: no markup, no hard line breaks, no typographic variants; clauses are paragraphs."""
    text = decode(raw) if isinstance(raw, bytes) else raw
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    text = FRONT_MATTER.sub("", text, count=1) if text.startswith("---\n") else text
    if HTML.match(text):
        text = unescape(MARKUP.sub("\n", text))
    text = HIDDEN.sub("", unicodedata.normalize("NFKC", text)).translate(STRAIGHT)
    paragraphs: list[str] = []
    goes_on = False
    for line in map(_plain, text.split("\n")):
        if line and goes_on and not ITEM.match(line):
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        goes_on = bool(line)
    return "\n\n".join(paragraphs)


def _plain(line: str) -> str:
    line = re.sub(r"^\s*(?:#{1,6}\s+|>\s*)+", "", line)
    line = re.sub(r"^\s*[*+]\s+", "- ", line)
    line = re.sub(r"^\s*[-=*_~]{3,}\s*$", "", line)
    line = EMPHASIS.sub("", line)
    return " ".join(line.split())


def clauses(cleaned: str) -> tuple[Clause, ...]:
    found = []
    for paragraph in cleaned.split("\n\n"):
        item = ITEM.match(paragraph)
        label = (item["label"] or "-").strip() if item else ""
        body = paragraph[item.end() :] if item else paragraph
        if body.strip():
            found.append(Clause(label, body.strip()))
    if len(found) > MOST_CLAUSES:
        rest = " ".join(clause.whole for clause in found[MOST_CLAUSES:])
        found[MOST_CLAUSES:] = [Clause("", rest)]
    return tuple(found)


def redline(before: str, after: str) -> Redline:
    """The difference between two cleaned texts, and what it means for those who hold the license."""
    changes = tuple(_aligned(clauses(before), clauses(after)))
    touched = [change for change in changes if change.kind not in {"moved", "same"}]
    is_other = any(change.kind != "same" for change in changes)
    other = next((read for text in (after, before) if (read := _language(text)) not in LANGUAGES), "")
    if not touched or all(_is_cosmetic(change, is_english=not other) for change in touched):
        what = "numbering, order, spelling, names, addresses or dates" if is_other else "numbering, case or punctuation"
        reason = "Nothing differs." if before == after else f"Only {what} differ."
        return Redline(Verdict.COSMETIC, changes, None, (), reason)
    if other:
        said = f"The text is not in English ({other}): whether it became tighter or looser is not classified."
        return Redline(Verdict.UNCLEAR, changes, None, (), said)
    removed = [change.before.whole for change in touched if change.before]
    added = [change.after.whole for change in touched if change.after]
    pairs = [(change.before.whole, change.after.whole) for change in touched if change.before and change.after]
    findings = licenserules.findings(removed, added, pairs)
    old, new = licenserules.standard(before), licenserules.standard(after)
    if old and new and old != new:
        return Redline(Verdict.UNCLEAR, changes, None, findings, f"Of two free licenses, {new} replaces {old}.")
    is_wholesale = sum(map(len, removed)) > len(before) / 2
    if is_wholesale and (standing := licenserules.by_standing(before, after, findings)):
        findings = (standing, *findings)
    verdict, decisive = licenserules.decide(findings)
    if decisive is not None:
        return Redline(verdict, changes, decisive, findings, decisive.sentence)
    reason = "Some clauses became tighter and others looser." if findings else "No rule knows what the change means."
    return Redline(verdict, changes, None, findings, reason)


def _language(text: str) -> str:
    return language_of(text[:READ_FOR_LANGUAGE])


def _aligned(before: tuple[Clause, ...], after: tuple[Clause, ...]) -> list[ClauseChange]:
    old, new = [clause.likeness for clause in before], [clause.likeness for clause in after]
    found: list[ClauseChange] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_same(*pair) for pair in zip(before[first:last], after[start:end], strict=True)]
        else:
            found += [_change(*pair) for pair in _paired(before[first:last], after[start:end])]
    return _with_moves(found)


def _paired(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> list[tuple[Clause | None, Clause | None]]:
    """What became of what, in the order of the new text; what has no counterpart stands alone."""
    if max(len(old), len(new)) > LONGEST_PAIRING:
        return list(zip_longest(old, new))
    left = list(old)
    pairs: list[tuple[Clause | None, Clause | None]] = []
    for clause in new:
        scored = [(_alike(candidate, clause), -place) for place, candidate in enumerate(left)]
        likeness, place = max(scored, default=(0.0, 0))
        if likeness >= ALIKE:
            pairs += [(earlier, None) for earlier in left[:-place]] if place else []
            pairs.append((left[-place], clause))
            left = left[-place + 1 :]
        else:
            pairs.append((None, clause))
    return pairs + [(clause, None) for clause in left]


def _alike(one: Clause, other: Clause) -> float:
    if licenserules.meaning(one.text) == licenserules.meaning(other.text):
        return 1.0
    old, new = one.likeness.split(), other.likeness.split()
    if max(len(old), len(new)) > MOST_WORDS:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    at_most = matcher.quick_ratio()
    return matcher.ratio() if at_most >= ALIKE and _meetings(old, new) <= MOST_MEETINGS else at_most


def _meetings(old: list[str], new: list[str]) -> int:
    counts = Counter(new)
    return sum(number * counts[word] for word, number in Counter(old).items())


def _change(before: Clause | None, after: Clause | None) -> ClauseChange:
    if before is None or after is None:
        kind = "added" if before is None else "removed"
        whole = (after or before or Clause("", "")).whole
        return ClauseChange(kind, before, after, ((kind, whole),))
    return ClauseChange("changed", before, after, _words(before.whole.split(), after.whole.split()))


def _same(before: Clause, after: Clause) -> ClauseChange:
    return ClauseChange("same", before, after, (("same", after.whole),))


def _words(old: list[str], new: list[str]) -> tuple[tuple[str, str], ...]:
    if max(len(old), len(new)) > MOST_WORDS or _meetings(old, new) > MOST_MEETINGS:
        return ("removed", " ".join(old)), ("added", " ".join(new))
    found: list[tuple[str, str]] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", " ".join(old[first:last])))
            continue
        if last > first:
            found.append(("removed", " ".join(old[first:last])))
        if end > start:
            found.append(("added", " ".join(new[start:end])))
    return tuple(found)


def _with_moves(changes: list[ClauseChange]) -> list[ClauseChange]:
    """A clause that vanished here and stands there in the same words was moved."""
    gone = {each.before.likeness: each.before for each in changes if each.before and not each.after}
    moved = {each.after.likeness for each in changes if each.after and not each.before} & gone.keys()
    found = []
    for change in changes:
        likeness = (change.after or change.before or Clause("", "")).likeness
        if change.kind in {"changed", "same"} or likeness not in moved:
            found.append(change)
        elif change.after:
            found.append(ClauseChange("moved", gone[likeness], change.after, (("same", change.after.whole),)))
    return found


def _is_cosmetic(change: ClauseChange, *, is_english: bool) -> bool:
    """What is a slip of the pen is known in English only: elsewhere one letter may be a "not"."""
    old = licenserules.meaning(change.before.text if change.before else "")
    new = licenserules.meaning(change.after.text if change.after else "")
    return old == new or (is_english and licenserules.differ_by_typing(old, new))
