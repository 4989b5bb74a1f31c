"""One load, whole: compare the extract with what it follows, publish its snapshot, compute every measure."""

from dataclasses import dataclass, replace

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot, folders, identities, redacted
from lineofsight.lake.publishing import is_whole
from lineofsight.loading import computing, likeness
from lineofsight.loading.comparing import TableChange, between, falls
from lineofsight.loading.computing import Progress
from lineofsight.schema import Issue
from lineofsight.sources import Extract

SAID_YES = "The fall in rows was looked at and accepted."  # where no other reason was given


@dataclass(frozen=True)
class Loaded:
    """What one load gave: its snapshot, what was wrong in the files, what changed by table, and whether it was new.

    `waiting`: the rows of some table fell beyond policy, so the snapshot stands apart until a person says yes
    (`accept`) or no (`refuse`), and there is no computation yet. `again` are the computations of later snapshots,
    made anew because this one came between. `unlike` asks whether these are the same authority's people.
    """

    snapshot: Snapshot
    computation: Computation | None
    issues: tuple[Issue, ...]
    changes: tuple[TableChange, ...]
    new: bool
    waiting: bool = False
    again: tuple[Computation, ...] = ()
    unlike: str = ""

    @property
    def falls(self) -> tuple[TableChange, ...]:
        """The tables whose rows fell beyond policy."""
        return falls(self.changes)


def load(home: Home, extract: Extract, *, accepted_by: str = "", progress: Progress | None = None) -> Loaded:
    """Load one extract into `home`. The same files twice are one snapshot; of two loads at once, one waits its turn.

    Where the rows of a table fell beyond policy, or most of the people are others, the snapshot waits, unless a person
    has said yes: `accepted_by` names them. Raises PlainError when a demonstration home is offered an extract that
    `lineofsight synth` did not mark (DESIGN 5 Q), or when the extract is another authority's (5 R).
    """
    _refuse_what_is_not_ours(home, extract)
    tell = progress or (lambda step, done, total: None)
    lake = Lake(home, open_keys(home))
    with folders.locked(home.lake, folders.LOADING):
        computing.finish_in(home, lake)
        extract = redacted.without(home, lake.keys, extract)
        known = {one.id for one in [*lake.snapshots(), *lake.waiting()]}
        before, rules = followed(lake, extract), policy.load(home)
        tell("Publishing the snapshot", 0, 1)
        like = likeness.of_extract(lake, extract, before, rules)
        unlike = like.sentence if like else ""
        snapshot = lake.publish(extract, waiting=lambda made: bool(unlike or falls(between(lake, made, before, rules))))
        tell("Publishing the snapshot", 1, 1)
        changes = between(lake, snapshot, before, rules)
        wrong = (*extract.issues, *identities.issues(lake.merges(snapshot), snapshot.tables))
        loaded = Loaded(snapshot, None, wrong, changes, snapshot.id not in known, unlike=unlike)
        if snapshot.id in {one.id for one in lake.waiting()}:
            if not accepted_by:
                return replace(loaded, waiting=True)
            snapshot = lake.release(snapshot.id, by=accepted_by, why=_said_yes_to(changes, unlike))
        computation = computing.compute(home, lake, snapshot, progress=progress)
        again = computing.compute_again(home, lake, progress)
    return replace(loaded, snapshot=snapshot, computation=computation, again=tuple(again))


def accept(home: Home, snapshot_id: str, *, by: str, why: str = "", progress: Progress | None = None) -> Loaded:
    """Say yes to a load that waits, and why in their own words: its snapshot takes its place and is computed.

    Raises PlainError where none waits under that id, or another was loaded since.
    """
    lake = Lake(home, open_keys(home))
    with folders.locked(home.lake, folders.LOADING):
        computing.finish_in(home, lake)
        snapshot = lake.release(snapshot_id, by=by, why=why.strip() or SAID_YES)
        computation = computing.compute(home, lake, snapshot, progress=progress)
        again = computing.compute_again(home, lake, progress)
    return Loaded(snapshot, computation, (), (), True, again=tuple(again))


def refuse(home: Home, snapshot_id: str) -> Snapshot:
    """Say no to a load that waits: nothing of it is kept. Returns what it was. Raises PlainError where none waits."""
    lake = Lake(home, open_keys(home))
    with folders.locked(home.lake, folders.LOADING):
        return lake.refuse(snapshot_id)


def followed(lake: Lake, extract: Extract) -> Snapshot | None:
    """The snapshot that an extract is compared with: the newest that is not later; for a part, what it is laid over."""
    standing = [one for one in lake.snapshots() if not is_whole(extract) or one.as_at <= extract.as_at]
    return max(standing, key=lambda one: (one.as_at, one.loaded_at, one.id), default=None)


def _refuse_what_is_not_ours(home: Home, extract: Extract) -> None:
    if home.demo and not extract.synthetic:
        raise PlainError(
            "This is a demonstration home: it takes only extracts made by 'lineofsight synth'. For an invented "
            "side table, put a file extract.toml beside it that says: synthetic = true."
        )
    if extract.authority not in (None, home.authority):
        raise PlainError(
            f"This extract is of authority {extract.authority}, and this home is of {home.authority}: "
            "one home holds one authority."
        )


def _said_yes_to(changes: tuple[TableChange, ...], unlike: str) -> str:
    fell = "; ".join(one.sentence().removesuffix(".") for one in falls(changes))
    return " ".join(filter(None, (unlike, f"{fell}." if fell else "")))
