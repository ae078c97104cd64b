from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from riskboard.jobs import services
from riskboard.jobs.models import Job


@dataclass
class Lease:
    """What a handler gets as `renew`: its hold on the job.

    ``renew()`` keeps the job for another JOB_LEASE, ``renew(timedelta(minutes=5))`` for longer work between two calls;
    ``with renew.transaction():`` makes what is written inside and the job's completion one. Both raise
    LeaseLostError when the job went to somebody else meanwhile.
    """

    job: Job
    clock: Callable[[], datetime]
    is_settled: bool = field(default=False, init=False)

    def __call__(self, lease: timedelta | None = None) -> None:
        services.renew(self.job, lease=lease or settings.JOB_LEASE, now=self.clock())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            services.complete(self.job, now=self.clock())
        self.is_settled = True
