"""How far something is that the worker was asked for: in words, for the page that is looked at meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.models import Job

# What a job is doing, as a person says it. The steps below are the data plane's own words.
DOING = {
    Job.QUEUED: "Waiting to be read",
    Job.READING: "Reading the files",
    Job.COMPARING: "Comparing with the load before",
    Job.COMPUTING: "Computing the measures",
    Job.WAITS: "Waiting for a person’s yes",
    Job.DONE: "Done",
    Job.REFUSED: "Removed",
    Job.FAILED: "Not loaded",
}
# The parts of loading files, in order, for the list beside the bar.
PARTS = (Job.QUEUED, Job.READING, Job.COMPARING, Job.COMPUTING)


@dataclass(frozen=True)
class Part:
    """One part of the work: done, going on, or to come."""

    words: str
    how: str


@dataclass(frozen=True)
class Progress:
    """One job as its page shows it."""

    job: Job
    words: str
    step: str
    share: int | None
    parts: tuple[Part, ...]
    ahead: int
    files: tuple[tuple[str, int], ...]

    @property
    def over(self) -> bool:
        return not self.job.is_open


def progress(viewer: Viewer, key: UUID) -> Progress:
    """How far one job is. Raises Refused, Http404 where there is none."""
    check(viewer, Capability.SEE_DATA)
    job = Job.objects.filter(key=key).first()
    if job is None:
        raise Http404
    return progress_of(job)


def progress_of(job: Job) -> Progress:
    """One job in words: what it does now, how far that is as a percentage where it can be said."""
    here = PARTS.index(job.state) if job.state in PARTS else len(PARTS)
    if job.state == Job.FAILED:
        here = -1
    parts = tuple(
        Part(DOING[part], "done" if at < here else "now" if at == here else "to come") for at, part in enumerate(PARTS)
    )
    ahead = 0
    if job.state == Job.QUEUED:
        ahead = Job.objects.open().exclude(state=Job.WAITS).filter(asked_at__lt=job.asked_at).count()
    share = min(round(100 * job.done / job.total), 100) if job.total else None
    files = tuple((str(name), int(size)) for name, size in job.files)
    return Progress(job, DOING.get(job.state, job.state), job.step, share, parts, ahead, files)
