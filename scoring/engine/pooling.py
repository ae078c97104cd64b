"""``evidence.credence`` over all prefixes of all events at once: how real an event is after each of its reports.

The n-th reports of all events are read together, n = 1, 2, ...: work grows with the reports of an event, not with days.
"""

import numpy as np
from numpy.typing import NDArray

from scoring.engine.columns import EventColumns, Places
from scoring.engine.constants import Admiralty
from scoring.engine.evidence import Floats

NONE = -np.inf  # the ratio of what does not count


def beliefs(columns: EventColumns, admiralty: Admiralty) -> tuple[Floats, Floats]:
    """Credence and inheritance weight of its event after each report, [reports]; both 0 before the first support."""
    begins = np.flatnonzero(np.diff(columns.event, prepend=-1))
    count = np.diff(begins, append=len(columns.event))
    support, denial = np.where(columns.denies, NONE, columns.ratio), np.zeros(len(columns.event))
    weight = np.where(columns.denies, 0.0, columns.weight)
    counts = np.ones(len(columns.event), dtype=np.bool_)
    for place in range(1, int(count.max(initial=0))):
        begins = begins[count > place]
        count = count[count > place]
        row = begins + place
        members = begins[:, None] + np.arange(place + 1)
        _let_best_count(members, counts, columns)
        count_now, denies, ratio = counts.take(members), columns.denies.take(members), columns.ratio.take(members)
        support[row] = _pooled(np.where(count_now & ~denies, ratio, NONE), admiralty)
        denial[row] = _pooled(np.where(count_now & denies, np.maximum(ratio, 0.0), 0.0), admiralty)
        weight[row] = np.maximum(weight[row], weight[row - 1])
    balance = np.clip(support - denial, -admiralty.limit, admiralty.limit)
    credence: Floats = np.where(support == NONE, 0.0, 1.0 / (1.0 + np.exp(-balance)))
    return credence, weight


def _let_best_count(members: Places, counts: NDArray[np.bool_], columns: EventColumns) -> None:
    """An origin counts once on either side, by its best report: of the newest and the one before, the lesser drops."""
    before, newest = members[:, :-1], members[:, -1:]
    same = (columns.origin.take(before) == columns.origin.take(newest)) & counts.take(before)
    same &= columns.denies.take(before) == columns.denies.take(newest)
    is_less = columns.ratio.take(before) < columns.ratio.take(newest)
    counts[before[same & is_less]] = False
    counts[newest[(same & ~is_less).any(axis=1)]] = False


def _pooled(ratios: Floats, admiralty: Admiralty) -> Floats:
    """``evidence.pool`` of each row."""
    ranked = np.sort(ratios, axis=1)[:, ::-1]
    further = admiralty.further_origin ** np.arange(1, ranked.shape[1])
    pooled: Floats = ranked[:, 0] + np.maximum(ranked[:, 1:], 0.0) @ further
    return pooled
