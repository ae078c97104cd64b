"""Reading what hosts hand out in pieces: windows of time from the oldest on, or pages from the newest on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from riskboard.ingest.drafts import Seen
from riskboard.ingest.failures import FetchError
from riskboard.ingest.sources import shapes
from riskboard.ingest.sources.gathering import Gathering

LONGEST_HISTORY = 3650


@dataclass(frozen=True, slots=True)
class Piece:
    """What one window held. ``is_whole`` False: there is more in it than the host hands out."""

    seen: Iterable[Seen]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """``following``: how to ask for the next page, "" if there is none. ``oldest``: None if that cannot be told."""

    seen: Iterable[Seen]
    newest: datetime | None
    oldest: datetime | None
    following: str = ""


@dataclass(slots=True)
class Windows:
    """Walks from where the last look ended to now; a window too full is halved, so that nothing falls between."""

    look: Gathering
    first_days: int  # how far back the first look goes, unless the feed's options say
    overlap: timedelta  # what hosts learn late is found by looking back a little
    shortest: timedelta
    most_days: int = LONGEST_HISTORY  # further back the host has nothing
    seen: dict[str, Seen] = field(default_factory=dict)

    def walk(self, read: Callable[[datetime, datetime], Piece]) -> None:
        """Puts what it found and how far it came into the look. Raises FetchError if that was nowhere."""
        start = begin = self._start()
        span = self.look.now - start
        while start < self.look.now and self.look.requests_left > 0:
            end = min(start + span, self.look.now)
            try:
                piece = read(start, end)
            except FetchError as error:
                if start == begin:
                    raise
                self.look.warn(f"The rest is left for the next look: {error}")
                break
            if not piece.is_whole and span > self.shortest:
                span = max(span / 2, self.shortest)
                continue
            if not piece.is_whole:
                self.look.warn(f"There is more from {start:%Y-%m-%d %H:%M} to {end:%H:%M} than the host hands out.")
            self.seen |= {each.identity: each for each in piece.seen}
            start, span = end, span * 2
        self.look.seen += self.seen.values()
        self.look.cursor["read_until"] = start.isoformat()

    def _start(self) -> datetime:
        days = shapes.whole(self.look.feed.options.get("first_look_days")) or self.first_days
        reached = shapes.moment(self.look.cursor.get("read_until"))
        if reached is None:
            return self.look.now - timedelta(days=min(days, self.most_days))
        return max(min(reached, self.look.now) - self.overlap, self.look.now - timedelta(days=self.most_days))


def newest_first(look: Gathering, read: Callable[[str], Page], *, overlap: timedelta) -> None:
    """Turns pages until what the last look saw. Raises FetchError: then all of it is left for the next look."""
    known = shapes.moment(look.cursor.get("newest"))
    until = known - overlap if known else None
    seen: dict[str, Seen] = {}
    newest, following, asked = known, "", {""}
    while look.requests_left > 0:
        page = read(following)
        seen |= {each.identity: each for each in page.seen if each.identity not in seen}
        newest = max((at for at in (newest, page.newest) if at is not None), default=None)
        following = page.following
        has_met = until is not None and page.oldest is not None and page.oldest < until
        if has_met or following in asked:
            break
        asked.add(following)
    else:
        if until is not None:
            look.warn("There was more since the last look than could be read in this one.")
    look.seen += seen.values()
    if newest is not None:
        look.cursor["newest"] = min(newest, look.now).isoformat()
