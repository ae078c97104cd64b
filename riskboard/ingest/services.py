"""Everything that changes feeds, proposals and evidence, in one place for those who call it."""

from riskboard.ingest.amending import Asked, RowMoved
from riskboard.ingest.bulk import Outcome, accept_many, dismiss_many, merge_many, undo_many
from riskboard.ingest.corrections import RowConflict, close_contest, contest, correct, version_of, withdraw
from riskboard.ingest.corroboration import rejoin, split
from riskboard.ingest.decisions import accept, dismiss, edit, merge
from riskboard.ingest.entering import enter
from riskboard.ingest.holding import Conflict, subject_of
from riskboard.ingest.holds import due_feeds
from riskboard.ingest.polling import enqueue_due, poll, poll_soon
from riskboard.ingest.readdressing import readdress, recheck_soon
from riskboard.ingest.rechecking import confirm, recheck
from riskboard.ingest.reverting import is_revertible, revert
from riskboard.ingest.seconding import ChangeEffect, Effect, SamePersonError, second_person_reasons
from riskboard.ingest.undoing import UndoError, last_decision, undo

__all__ = [
    "Asked",
    "ChangeEffect",
    "Conflict",
    "Effect",
    "Outcome",
    "RowConflict",
    "RowMoved",
    "SamePersonError",
    "UndoError",
    "accept",
    "accept_many",
    "close_contest",
    "confirm",
    "contest",
    "correct",
    "dismiss",
    "dismiss_many",
    "due_feeds",
    "edit",
    "enqueue_due",
    "enter",
    "is_revertible",
    "last_decision",
    "merge",
    "merge_many",
    "poll",
    "poll_soon",
    "readdress",
    "recheck",
    "recheck_soon",
    "rejoin",
    "revert",
    "second_person_reasons",
    "split",
    "subject_of",
    "undo",
    "undo_many",
    "version_of",
    "withdraw",
]
