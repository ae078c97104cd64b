"""Background work: how much waits, and what was given up on."""

from dataclasses import dataclass
from datetime import datetime

from riskboard.jobs.models import Job
from riskboard.jobs.selectors import Progress, QueueCount, dead_letters, progress, queue_counts
from riskboard.web.forms_feeds import PageForm
from riskboard.web.pages.listing import Pages, cut


@dataclass(frozen=True, slots=True)
class JobsPage:
    queues: tuple[QueueCount, ...]
    progress: Progress
    dead: tuple[Job, ...]
    pages: Pages


def jobs_page(form: PageForm, now: datetime) -> JobsPage:
    dead, pages = cut(dead_letters(), form)
    return JobsPage(tuple(queue_counts()), progress(now), tuple(dead), pages)
