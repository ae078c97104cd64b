"""Which countries a license leaves out, as far as its words can be read without judgment."""

import re

EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
PLACES = {
    "china": frozenset({"CN"}),
    "eu": EUROPEAN_UNION,
    "european union": EUROPEAN_UNION,
    "south korea": frozenset({"KR"}),
    "uk": frozenset({"GB"}),
    "united kingdom": frozenset({"GB"}),
    "united states": frozenset({"US"}),
    "usa": frozenset({"US"}),
}


def countries_of(excluded: str) -> frozenset[str] | None:
    """The codes of the places that it names, split by semicolons; None: it says more than the names of places."""
    found: frozenset[str] = frozenset()
    for words in excluded.split(";"):
        place = PLACES.get(words.strip().lower())
        if place is None:
            return None
        found |= place
    return found


def codes(countries: str) -> frozenset[str]:
    """Of a profile's list, split by commas. Empty: nothing is given that can be compared."""
    given = [words.strip().upper() for words in countries.split(",") if words.strip()]
    return frozenset(given) if all(re.fullmatch(r"[A-Z]{2}", code) for code in given) else frozenset()
