"""What a changed clause means for those who hold a license: tighter, looser, or nothing. Rules, strongest first.

A rule looks at sentences. What it finds in the old wording and not in the new has gone; in the new and not in the
old, it has appeared. The weightiest finding decides; findings of equal weight that disagree decide nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    TIGHTER = "tighter"
    LOOSER = "looser"
    COSMETIC = "cosmetic"
    UNCLEAR = "unclear"  # it means something, and a person has to read what


@dataclass(frozen=True, slots=True)
class Finding:
    topic: str
    verdict: Verdict
    weight: int
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences that match; ``unless`` takes back what only sounds like it."""

    topic: str
    effect: Verdict  # of its appearing; its going has the other
    weight: int
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def sentences(self, clauses: Iterable[str]) -> list[tuple[str, str]]:
        """(sentence, clause) of every match."""
        return [
            (sentence, clause)
            for clause in clauses
            for sentence in sentences(clause)
            if self.pattern.search(sentence) and not (self.unless and self.unless.search(sentence))
        ]


def _rule(topic: str, effect: Verdict, weight: int, pattern: str, unless: str = "") -> Rule:
    compiled = re.compile(unless, re.IGNORECASE) if unless else None
    return Rule(topic, effect, weight, re.compile(pattern, re.IGNORECASE), compiled)


T, L = Verdict.TIGHTER, Verdict.LOOSER
NEGATION = r"\b(?:not|no|never|nor|neither|without|prohibit\w*|forbid\w*|exclud\w*|except)\b|non-?commercial"
PROHIBITION = (
    r"\b(?:may|shall|must|will|can|agree|agrees)\s?not\b|\bcannot\b|\bprohibited\b|\bnot (?:permitted|allowed)\b"
)
GRANT = r"\bgrants?\b|\bgranted\b|\b(?:may|are (?:free|permitted|allowed) to)\b"
RULES = (
    _rule(
        "commercial use is not allowed",
        T,
        6,
        r"\bnon-?commercial\b|\bresearch(?: purposes?| use)? only\b"
        r"|\b(?:only|solely|exclusively) for (?:\w+ ){0,3}(?:research|academic|personal|educational)"
        r"|\bnot\b[^.]{0,60}\bcommercial\b|\b(?:no|prohibits?|prohibited|forbids?|excludes?)\b[^.]{0,40}\bcommercial",
        r"\b(?:commercial(?: and|,| or)+ non-?commercial|non-?commercial(?: and|,| or)+ commercial)\b",
    ),
    _rule(
        "commercial use is allowed",
        L,
        5,
        r"\b(?:may|permit\w*|allow\w*|includ\w+|grant\w*|free)\b[^.]{0,80}\bcommercial(?:ly)?\b"
        r"|\bcommercial (?:use|purposes?)\b[^.]{0,40}\b(?:permitted|allowed|free)\b"
        r"|\bpermission is hereby granted, free of charge\b",
        rf"{NEGATION}|\bif\b|\bprovided\b",
    ),
    _rule(
        "a separate license or permission is needed",
        T,
        5,
        r"\b(?:must|shall|need to|required to|have to)\b[^.]{0,60}\b(?:request|obtain|apply for|acquire|purchase|seek)"
        r"\b[^.]{0,60}\b(?:licen[sc]e|permission|authori[sz]ation|consent|approval|agreement)"
        r"|\bseparate (?:commercial )?(?:licen[sc]e|agreement)\b|\bprior written (?:consent|permission|approval)\b",
        r"\byou may have\b",
    ),
    _rule(
        "places are left out",
        T,
        5,
        r"\b(?:not|exclud\w*|outside|except|other than)\b[^.]{0,160}"
        r"\b(?:European Union|EU|EEA|United Kingdom|UK|Korea|China|United States|territor(?:y|ies)|countries)\b",
    ),
    _rule(
        "the licensor can end the grant at will",
        T,
        5,
        r"\b(?:terminat\w*|revok\w*|suspend\w*|withdraw\w*)\b[^.]{0,100}"
        r"\b(?:at any time|sole discretion|any reason|without cause|with or without)\b"
        r"|\b(?:at any time|sole discretion)\b[^.]{0,100}\b(?:terminate|revoke|suspend|withdraw)\b|\brevocable\b",
        r"\byou may (?:\w+ )?(?:terminate|withdraw)\b|\bmay not (?:be )?(?:terminat|revok)",
    ),
    _rule(
        "money is due",
        T,
        5,
        r"\b(?:royalt(?:y|ies)|fees?|payments?|revenue share)\b",
        r"royalty[- ]free|\bno[- ](?:royalt|fee|charge)|without (?:\w+ ){0,3}(?:fees?|royalt|charge|payment)"
        r"|attorney|\bcharge a\b",
    ),
    _rule(
        "the grant is irrevocable or perpetual", L, 4, r"\birrevocable\b|\bperpetual\b", r"\bnot (?:be )?(?:irr|perp)"
    ),
    _rule("it is free of charge", L, 3, r"\broyalty[- ]free\b|\bfree of charge\b|\bno[- ]charge\b"),
    _rule(
        "there is no restriction",
        L,
        3,
        r"\bwithout (?:any )?(?:limitation|restriction)s?\b",
        r"including(?:,)? without",
    ),
    _rule(
        "training other models is not allowed",
        T,
        4,
        r"\bnot\b[^.]{0,140}\b(?:train|improve|distill|develop|create)\w*\b[^.]{0,80}"
        r"\b(?:other|another|competing|any)\b[^.]{0,40}\b(?:models?|AI|systems?)\b",
    ),
    _rule(
        "the licensor can change the terms",
        T,
        4,
        r"\b(?:may|reserves? the right to|can)\b[^.]{0,60}\b(?:modify|amend|update|change|revise)\b[^.]{0,60}"
        r"\b(?:agreement|licen[sc]e|terms|polic(?:y|ies))\b",
        r"\byou may\b",
    ),
    _rule(
        "registration or notice is needed",
        T,
        4,
        r"\b(?:must|shall|required to|need to)\b[^.]{0,60}\b(?:register|notify|report|submit|fill in|complete)\b",
    ),
    _rule("use is audited", T, 4, r"\baudit\w*\b"),
    _rule("a use is forbidden", T, 3, PROHIBITION),
    _rule(
        "a policy of uses applies",
        T,
        3,
        r"\b(?:acceptable use policy|use polic(?:y|ies)|use restrictions|prohibited uses)\b",
    ),
    _rule(
        "derivatives must keep the same terms",
        T,
        3,
        r"\b(?:derivative|modif)\w*\b[^.]{0,100}\b(?:same|this) (?:licen[sc]e|terms|agreement)\b|\bshare ?alike\b",
    ),
    _rule(
        "the name must be shown",
        T,
        2,
        r"\bprominently display\b|\bbuilt with\b|\bpowered by\b"
        r"|\b(?:must|shall) (?:\w+ ){0,3}(?:display|include|attribute)\b|\bat the beginning of (?:any|the)\b",
    ),
    _rule(
        "the grant ends on a breach",
        T,
        2,
        r"\b(?:will|shall) (?:automatically )?terminate\b|\bterminates? automatically\b",
    ),
    _rule("the user pays for claims", T, 2, r"\bindemnif\w*\b"),
    _rule("a right is granted", L, 2, GRANT, f"{PROHIBITION}|{NEGATION}"),
)

THRESHOLDS = {
    "users": re.compile(r"\b(?:active )?users?\b", re.IGNORECASE),
    "revenue": re.compile(r"\brevenues?\b|\bturnover\b|\bsales\b", re.IGNORECASE),
    "funding": re.compile(r"\bfunding\b|\braised\b", re.IGNORECASE),
    "devices": re.compile(r"\bdevices?\b", re.IGNORECASE),
    "staff": re.compile(r"\bemployees\b", re.IGNORECASE),
}
AMOUNT = re.compile(
    r"(?:(?<=usd)|(?<=eur)|(?<=rmb)|(?<=cny)|(?<![\w.]))(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,4})?"
    r"\s*(thousand|million|billion|[kmb]n?\b)?",
    re.IGNORECASE,
)
SCALE = {"t": 10**3, "k": 10**3, "m": 10**6, "b": 10**9}
LIMIT = re.compile(
    r"\b(?:more|greater|larger|less|fewer|exceed\w*|over|above|under|below|up to|at least)\b", re.IGNORECASE
)
ADDITION = 2  # weight of words added to a list of what is forbidden or granted

SENTENCE_END = re.compile(r"(?<=[.;:!?。；：])\s+")
LONGEST_SENTENCE = 3000
RIGHTS = re.compile(
    r"\b(?:use|copy|reproduce|distribute|sub-?licen[sc]e|modify|adapt|sell|publish|host|deploy|share|merge|create|perform"
    r"|display|commercial\w*|derivatives?|products?|services?|outputs?)\b"
)
EXCEPTION = re.compile(r"\b(?:unless|except|other than|excluding)\b", re.IGNORECASE)


def sentences(clause: str) -> list[str]:
    return [sentence[:LONGEST_SENTENCE] for sentence in SENTENCE_END.split(clause)]


def findings(removed: Sequence[str], added: Sequence[str], pairs: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
    """What the rules see in the touched clauses of the old and the new wording; weightiest first."""
    found = [finding for rule in RULES if (finding := _by_rule(rule, removed, added))]
    found += [finding for metric in THRESHOLDS if (finding := _by_threshold(metric, removed, added))]
    found += [finding for before, after in pairs if (finding := _by_list(before, after))]
    return tuple(sorted(found, key=lambda finding: -finding.weight))


# Free licenses that are known by their words: the phrases, and how many words the whole text has at most.
STANDARD = {
    "the MIT License": (("permission is hereby granted, free of charge", "without restriction"), 190),
    "the Apache License 2.0": (("apache license", "version 2.0, january 2004", "end of terms and conditions"), 1900),
    "a BSD license": (("redistribution and use in source and binary forms", "as is"), 260),
}
WHOLESALE = 7


def standard(cleaned: str) -> str:
    """The free license that a text is, unaltered as far as its length tells; else ""."""
    lowered = cleaned.lower()
    words = len(lowered.split())
    for name, (phrases, at_most) in STANDARD.items():
        if words <= at_most and all(phrase in lowered for phrase in phrases):
            return name
    return ""


def by_standing(before: str, after: str, found: Sequence[Finding]) -> Finding | None:
    """A text that was or became a free license we know: its clauses do not line up with those of another."""
    old, new = standard(before), standard(after)
    if bool(old) == bool(new):
        return None
    verdict = Verdict.TIGHTER if old else Verdict.LOOSER
    if not any(finding.verdict is verdict for finding in found):
        return None
    topic = f"it was {old}" if old else f"it is {new}"
    clause = (before if old else after).split("\n\n", 1)[0]
    return Finding(topic, verdict, WHOLESALE, clause, f"Replaced as a whole: {topic}.")


def decide(found: Sequence[Finding]) -> tuple[Verdict, Finding | None]:
    heaviest = [finding for finding in found if finding.weight == found[0].weight]
    if not heaviest or len({finding.verdict for finding in heaviest}) > 1:
        return Verdict.UNCLEAR, None
    return heaviest[0].verdict, heaviest[0]


def _other(verdict: Verdict) -> Verdict:
    return Verdict.LOOSER if verdict is Verdict.TIGHTER else Verdict.TIGHTER


def _by_rule(rule: Rule, removed: Sequence[str], added: Sequence[str]) -> Finding | None:
    old, new = rule.sentences(removed), rule.sentences(added)
    if len(new) > len(old):
        known = {sentence for sentence, _ in old}
        clause = next((clause for sentence, clause in new if sentence not in known), new[-1][1])
        return Finding(rule.topic, rule.effect, rule.weight, clause, f"New: {rule.topic}.")
    if len(old) > len(new):
        kept = {sentence for sentence, _ in new}
        clause = next((clause for sentence, clause in old if sentence not in kept), old[-1][1])
        return Finding(rule.topic, _other(rule.effect), rule.weight, clause, f"Gone: {rule.topic}.")
    return None


def _by_threshold(metric: str, removed: Sequence[str], added: Sequence[str]) -> Finding | None:
    """The size from which more is asked: a lower one is tighter, one where there was none as well."""
    old, new = _lowest(metric, removed), _lowest(metric, added)
    if (old and old[0]) == (new and new[0]):
        return None
    topic = f"a limit by {metric}"
    if old is None and new is not None:
        return Finding(topic, Verdict.TIGHTER, 5, new[1], f"New: {topic} ({new[0]:,f}).")
    if new is None and old is not None:
        return Finding(topic, Verdict.LOOSER, 5, old[1], f"Gone: {topic} ({old[0]:,f}).")
    if old is None or new is None:
        return None
    verdict = Verdict.TIGHTER if new[0] < old[0] else Verdict.LOOSER
    return Finding(topic, verdict, 5, new[1], f"Changed: {topic}, from {old[0]:,f} to {new[0]:,f}.")


def _lowest(metric: str, clauses: Sequence[str]) -> tuple[Decimal, str] | None:
    amounts = [
        (amount, clause)
        for clause in clauses
        for sentence in sentences(clause)
        if THRESHOLDS[metric].search(sentence) and LIMIT.search(sentence)
        for amount in _amounts(sentence)
    ]
    return min(amounts, key=lambda each: each[0], default=None)


def _amounts(sentence: str) -> list[Decimal]:
    """Numbers of a thousand or more: smaller ones count clauses, days and versions."""
    found = []
    for whole, fraction, scale in AMOUNT.findall(sentence):
        amount = Decimal(whole.replace(",", "") + fraction) * (SCALE[scale[0].lower()] if scale else 1)
        is_year = not scale and 1900 <= amount <= 2100 and "," not in whole
        if amount >= 1000 and not is_year:
            found.append(amount.normalize())
    return found


def _by_list(before: str, after: str) -> Finding | None:
    """Words only added to, or only taken from, a sentence that forbids or grants."""
    old, new = meaning(before), meaning(after)
    grew, shrank = _is_within(old, new), _is_within(new, old)
    if grew == shrank:
        return None
    longer, shorter = (after, old) if grew else (before, new)
    extra = [word for word in meaning(longer) if word not in set(shorter)]
    if not extra or EXCEPTION.search(" ".join(extra)):
        return None
    if re.search(PROHIBITION, before, re.IGNORECASE) and re.search(PROHIBITION, after, re.IGNORECASE):
        topic, verdict = "what is forbidden", Verdict.TIGHTER
    elif RIGHTS.search(" ".join(extra)) and all(re.search(GRANT, each, re.IGNORECASE) for each in (before, after)):
        topic, verdict = "what is granted", Verdict.LOOSER
    else:
        return None
    change = "Longer" if grew else "Shorter"
    return Finding(
        topic, verdict if grew else _other(verdict), ADDITION, after, f"{change}: {topic} ({' '.join(extra[:12])})."
    )


def _is_within(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return len(few) < len(many) and all(word in rest for word in few)


# What a wording says, without what only names, numbers, dates and decorates -------------------------

CONTACT = re.compile(r"\S{1,64}@\S{1,200}|(?:https?://|www\.)\S+", re.IGNORECASE)
COPYRIGHT = re.compile(r"(?:copyright\b|©|\(c\))\s*(?:\(c\)|©)?\s*\d{4}.{0,150}$", re.IGNORECASE)
DATED = re.compile(r"\b(?:version|effective|updated|modified|released?|dated|copyright)\b", re.IGNORECASE)
BINDING_DATE = re.compile(r"\bchange date\b|\buntil\b|\bexpir\w*\b|\bafter\b|\bbefore\b", re.IGNORECASE)
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DATE = re.compile(
    rf"\b(?:{MONTHS})\s+\d{{1,2}},?\s+\d{{4}}|\b\d{{1,2}}\s+(?:{MONTHS})\s+\d{{4}}|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE
)
VERSION = re.compile(
    r"(?:\bv?\d+(?:\.\d+)+|(?<=[a-z])(?<!usd)(?<!eur)(?<!rmb)(?<!cny)-?\d+(?:\.\d+)*)\b"
    r"(?!\s*(?:%|percent|thousand|million|billion))",
    re.IGNORECASE,
)
# Words whose exchange for a similar one is no slip of the pen.
WEIGHTY = re.compile(
    r"not?|may|must|shall|will|can|all|any|only|or|and|un\w+|in\w+|non\w*|\w*\d\w*|\w*illion|licen[sc]e\w*|licensor"
)


def meaning(wording: str) -> list[str]:
    if COPYRIGHT.match(wording):
        return []
    wording = CONTACT.sub("", wording)
    if DATED.search(wording) and not BINDING_DATE.search(wording):
        wording = DATE.sub("", wording)
    return re.findall(r"[^\W_]+|%", VERSION.sub("", wording.lower()))


def differ_by_typing(old: list[str], new: list[str]) -> bool:
    """Only single letters were mended: in long words that stand in the same places."""
    if len(old) != len(new):
        return False
    return all(one == other or _is_typing(one, other) for one, other in zip(old, new, strict=True))


def _is_typing(one: str, other: str) -> bool:
    if (
        not f"{one}{other}".isascii()
        or min(len(one), len(other)) < 5
        or one[0] != other[0]
        or WEIGHTY.fullmatch(one)
        or WEIGHTY.fullmatch(other)
    ):
        return False
    if len(one) == len(other):
        places = [place for place in range(len(one)) if one[place] != other[place]]
        is_swap = len(places) == 2 and places[1] == places[0] + 1 and sorted(one) == sorted(other)
        return len(places) == 1 or is_swap
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )
