"""What the worker does with what was asked about loads and rules: takes it by a lease, does it, says how it went.

Done twice, each comes to the same: the same bytes are one snapshot, what is published is published, what is removed is
gone. So a worker that dies loses nothing: when its lease ends another takes the job up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.lake import staging
from lineofsight.policy import changing
from lineofsight.web.access import loads as told_of
from lineofsight.web.access.chain import LogUnavailable, record
from lineofsight.web.access.house import home_in_use, keys_in_use, lake_in_use
from lineofsight.web.data import wanted
from lineofsight.web.data.models import Change, Job

LEASE = timedelta(minutes=5)
TELL_EVERY = timedelta(seconds=1)
# So often a job may end with its worker before it is given up: the machine is too small for it.
MOST_TRIES = 3
KEPT_DAYS = 7
GIVEN_UP = (
    "The background worker stopped each time it began on this, so it was given up: the files may be larger than this "
    "machine can read. What stood before stands as it was."
)
FAULT = (
    "Something went wrong here that is not in your files. What stood before stands as it was. Whoever runs this "
    "system finds it in the worker’s log."
)

Tell = Callable[[str, int, int], None]


def waiting() -> bool:
    """Whether there is anything to do now."""
    return Job.objects.free_at(clock.now()).exists()


def do_all() -> None:
    """Do everything that was asked for, oldest first. Raises what went wrong unforeseen, the others done first."""
    wrong: Exception | None = None
    while (job := claim()) is not None:
        try:
            do(job)
        except Exception as error:
            wrong = error
    erase_what_nobody_waits_for()
    if wrong is not None:
        raise wrong


def claim() -> Job | None:
    """Take the oldest job that is free; of two workers one gets it."""
    for key in list(Job.objects.free_at(clock.now()).values_list("key", flat=True)):
        lease = secrets.token_hex(16)
        free = Job.objects.free_at(clock.now()).filter(key=key)
        if free.update(lease=lease, lease_until=clock.now() + LEASE, tries=F("tries") + 1):
            return Job.objects.get(key=key)
    return None


def do(job: Job) -> None:
    """Do one job that was claimed, and write how it went. An unforeseen error is written as such, and raised."""
    tell = _Telling(job)
    try:
        if job.tries > MOST_TRIES:
            raise PlainError(GIVEN_UP)
        state, snapshot, again = _DOING[job.kind](job, tell)
    except LogUnavailable:  # what was done stands, and is told of when the lease ends and the job is taken up again
        raise
    except PlainError as wrong:
        _end(job, Job.FAILED, failure=_said(wrong))
    except Exception:
        _end(job, Job.FAILED, failure=FAULT)
        raise
    else:
        _end(job, state, snapshot=snapshot, again=again)


def erase_what_nobody_waits_for() -> None:
    """Take away the files of jobs that are over or too old, and those that no job knows of any more."""
    home, since = home_in_use(), clock.now() - timedelta(days=KEPT_DAYS)
    stale = Job.objects.open().filter(kind=Job.READ, asked_at__lt=since).exclude(state=Job.WAITS)
    for job in stale:
        _end(job, Job.FAILED, failure=f"The files were not read within {KEPT_DAYS} days, so they were erased.")
    wanted = set(Job.objects.open().exclude(state=Job.WAITS).values_list("sending", flat=True))
    for name in staging.names(home):
        if name not in wanted and staging.age(home, name) > timedelta(hours=1):
            staging.erase(home, name)


class _Telling:
    """Writes how far a job is, at most once a second, and keeps its lease while it does."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._told = clock.now() - TELL_EVERY
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        now = clock.now()
        if step == self._step and done < total and now - self._told < TELL_EVERY:
            return
        self._step, self._told = step, now
        self._write(step=step, done=done, total=total)

    def state(self, state: str) -> None:
        """A new part of the work begins."""
        self._job.state = state
        self._write(state=state, step="", done=0, total=0)

    def _write(self, **told: object) -> None:
        mine = Job.objects.filter(key=self._job.key, lease=self._job.lease)
        mine.update(lease_until=clock.now() + LEASE, **told)


_Came = tuple[str, str, bool]  # the state it ended in, the snapshot, whether the same files were loaded before


def _read(job: Job, tell: _Telling) -> _Came:
    from lineofsight import loading, sources  # the measures' engine is large, and seldom wanted here

    tell.state(Job.READING)
    sending = staging.opened(home_in_use(), keys_in_use(), job.sending)
    files = [sending.content(number, name) for number, (name, _) in enumerate(job.files)]
    extract = sources.read(files, as_at=job.as_at, progress=tell)
    tell.state(Job.COMPARING)

    def onward(step: str, done: int, total: int) -> None:
        if job.state != Job.COMPUTING and not step.startswith("Publishing"):
            tell.state(Job.COMPUTING)
        tell(step, done, total)

    loaded = loading.load(home_in_use(), extract, progress=onward)
    told_of.tell_of_loads(by=job.by_key)
    return (Job.WAITS if loaded.waiting else Job.DONE), loaded.snapshot.id, not loaded.new


def _publish(job: Job, tell: _Telling) -> _Came:
    from lineofsight import loading

    tell.state(Job.COMPUTING)
    if job.snapshot in {one.id for one in lake_in_use().waiting()}:
        loading.accept(home_in_use(), job.snapshot, by=job.by_key, why=job.why, progress=tell)
    else:  # a worker that died published it; what it did not compute is computed now
        lake_in_use().snapshot(job.snapshot)
        loading.finish(home_in_use())
    told_of.tell_of_loads(by=job.by_key)
    _answered(job.snapshot, Job.DONE)
    return Job.DONE, job.snapshot, False


def _remove(job: Job, tell: _Telling) -> _Came:
    from lineofsight import loading

    tell.state(Job.COMPARING)
    if job.snapshot in {one.id for one in lake_in_use().waiting()}:
        loading.refuse(home_in_use(), job.snapshot)
        with transaction.atomic():
            record(actor=job.by_key, action="load.removed", subject=f"snapshot {job.snapshot}", detail={"why": job.why})
    elif job.snapshot in {one.id for one in lake_in_use().snapshots(withdrawn=True)}:
        raise PlainError("It was published before: somebody said yes. It can be withdrawn.")
    _answered(job.snapshot, Job.REFUSED)
    return Job.DONE, job.snapshot, False


def _withdraw(job: Job, tell: _Telling) -> _Came:
    from lineofsight import loading

    tell.state(Job.COMPUTING)
    lake = lake_in_use()
    if lake.withdrawn(lake.snapshot(job.snapshot)) is None:
        loading.withdraw(home_in_use(), job.snapshot, by=job.by_key, why=job.why, progress=tell)
    else:
        loading.finish(home_in_use())
    told_of.tell_of_loads(by=job.by_key)
    return Job.DONE, job.snapshot, False


def _try_out(job: Job, tell: _Telling) -> _Came:
    from lineofsight.loading import previewing

    tell.state(Job.COMPUTING)
    change = Change.objects.get(preview=job)
    asked = wanted.of(change)
    rules = changing.with_text(home_in_use(), asked.file, asked.edit(changing.text_of(home_in_use(), asked.file)))
    change.effect = previewing.preview(lake_in_use(), rules, progress=tell).told()
    change.save(update_fields=["effect"])
    return Job.DONE, "", False


def _keep_rules(job: Job, tell: _Telling) -> _Came:
    from lineofsight import loading

    tell.state(Job.COMPUTING)
    change = Change.objects.get(saving=job)
    asked, home = wanted.of(change), home_in_use()
    if changing.digest(changing.text_of(home, asked.file)) != change.saved_as:  # else a worker that died wrote it
        text = asked.edit(changing.text_of(home, asked.file))
        Change.objects.filter(key=change.key).update(saved_as=changing.digest(text))
        changing.keep(home, asked.file, text, base=change.base)
    loading.finish(home)
    told_of.tell_of_loads(by=job.by_key)
    return Job.DONE, "", False


_DOING: dict[str, Callable[[Job, _Telling], _Came]] = {
    Job.READ: _read,
    Job.YES: _publish,
    Job.NO: _remove,
    Job.WITHDRAW: _withdraw,
    Job.PREVIEW: _try_out,
    Job.RULES: _keep_rules,
}


def _answered(snapshot: str, state: str) -> None:
    """The sending that a decision was about is over too."""
    Job.objects.filter(kind=Job.READ, snapshot=snapshot, state=Job.WAITS).update(state=state, ended_at=clock.now())


def _end(job: Job, state: str, **told: object) -> None:
    """Write how a job ended, and take its files away: what it came to is in the lake, or nowhere."""
    ended = None if state == Job.WAITS else clock.now()
    mine = Job.objects.filter(key=job.key, lease=job.lease)
    if mine.update(state=state, ended_at=ended, lease="", lease_until=None, step="", **told) and job.sending:
        staging.erase(home_in_use(), job.sending)


def _said(wrong: PlainError) -> str:
    """The reason as somebody at a browser can act on it."""
    return str(wrong).replace("name the day with --as-at", "say the day when you send it")
