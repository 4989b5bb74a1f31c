"""What the demonstration's people said of things owed when the newest extract came in, and what they did for the
children who wait for a social worker. Some safeguards are left, so that there is something to see as owed."""

from datetime import datetime, timedelta

from lineofsight import clock
from lineofsight.cases.safeguards import safeguards
from lineofsight.demonstration.acts import Act
from lineofsight.demonstration.people import holder
from lineofsight.lake import Lake
from lineofsight.web.practice import queries
from lineofsight.web.practice.actions import marks
from lineofsight.web.practice.actions import safeguards as actions
from lineofsight.web.practice.queries import episodes, ledger, one_exception
from lineofsight.web.practice.queries.standing import standing

SAID = timedelta(hours=3)  # after the extract was loaded, while its lists are work to do
SAYS_DONE, EXPLAINS = 2, 1
LEFT = ("management-monitoring", "statutory-duties", "allocation-meeting")
TOLD = {
    "professionals-told": "School, health visitor and police",
    "family-told": "Mother and grandmother",
    "family-updated": "Mother",
    "protection-manager-told": "Child protection manager",
    "manager-aware": "Head of service",
}
REASON = "The family is abroad until the middle of the month. The school knows, and the visit is booked."


def acts(lake: Lake) -> list[Act]:
    """The team manager goes through the list, and the head of service through those who wait."""
    newest = lake.latest()
    if newest is None:
        return []
    at: datetime = newest.loaded_at + SAID
    return [Act(at, _go_through_the_list), Act(at + timedelta(hours=1), _see_to_those_who_wait)]


def _go_through_the_list() -> None:
    """Some of what is overdue is said to be done, and one thing is explained."""
    by = holder("team-manager")
    rows = queries.exceptions(by, ledger.Asked(kind="CP08")).rows
    keys = [row.key for row in rows if row.child is not None and row.child.ref][: SAYS_DONE + EXPLAINS]
    for place, key in enumerate(keys[:SAYS_DONE], start=1):
        marks.mark_done(by=by, key=key, done_on=clock.today(), reference=f"Visit form {4400 + place}")
    for key in keys[SAYS_DONE:]:
        until = one_exception.explained_until("CP08")
        marks.explain(by=by, key=key, until=until, words=REASON)


def _see_to_those_who_wait() -> None:
    """Most of what is owed to the children of the service who wait is done and recorded; the rest is not yet."""
    by = holder("head-of-service")
    stand = standing()
    waits = episodes.waits(stand, by).to_pylist()
    for number, row in enumerate(one for one in waits if one["state"] == "open" and one["owed_since"]):
        for place, one in enumerate(safeguards().values()):
            if one.key in LEFT or number % 2 and place > 3:
                continue
            told = actions.Told(
                done_on=clock.today(),
                done_by=one.who,
                reference=f"Note {7000 + 20 * number + place}",
                to_whom=TOLD.get(one.key, ""),
            )
            actions.record_safeguard(by=by, key=row["exception_id"], safeguard=one.key, told=told)
