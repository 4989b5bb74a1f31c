"""The only writers of the monthly cycle: who leads a measure, its three lines, and what the Lead Member is told.

The month is that of what the actor looks at: now, or (in the demonstration alone) an earlier extract in its own time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.models import LinesRelease, MeasureLead, MonthLines
from lineofsight.web.practice.monthly import leads, schedule
from lineofsight.web.practice.monthly.disclosing import named_team, small_number
from lineofsight.web.practice.monthly.permissions import check_name_leads, check_release_lines, check_write_lines
from lineofsight.web.practice.queries import naming
from lineofsight.web.practice.queries.standing import standing

NO_MEASURE = "That is not one of the headline measures."
NAMES_A_CHILD = "This names a child. Lines are about the measure: say it without the name."


@dataclass(frozen=True)
class Three:
    """The three lines: what changed, why, and what next."""

    changed: str
    why: str
    next_steps: str

    @property
    def whole(self) -> str:
        return "\n".join((self.changed, self.why, self.next_steps))


def name_lead(*, by: Viewer, measure: str, holding: int) -> MeasureLead:
    """Name who leads a measure, by the office they hold (`holding`). Raises Refused, PlainError."""
    check_name_leads(by)
    if measure not in leads.headline():
        raise PlainError(NO_MEASURE)
    chosen = next((one for one in leads.may_lead() if one.pk == holding), None)
    if chosen is None:
        raise PlainError("Choose somebody who holds an office that may lead a measure.")
    with transaction.atomic():
        made = MeasureLead.objects.create(
            measure=measure,
            person_key=chosen.person.key,
            person_name=chosen.person.name,
            office=chosen.office,
            named_at=clock.now(),
            named_by_key=by.person_key,
            named_by_name=by.person_name,
        )
        detail = {"lead": chosen.person.key, "office": chosen.office}
        record(viewer=by, action="lines.lead named", subject=f"measure {measure}", detail=detail)
    return made


def write(*, by: Viewer, measure: str, told: Three) -> MonthLines:
    """Write the month's three lines of a measure, or correct them: what stood before is kept.

    Raises Refused for all but its lead; PlainError where a line is empty, nothing is new, or a child is named.
    """
    stand = standing(by)
    check_write_lines(by, leads.leads(stand).get(measure))
    three = Three(told.changed.strip(), told.why.strip(), told.next_steps.strip())
    if not (three.changed and three.why and three.next_steps):
        raise PlainError("Write all three lines: what changed, why, and what next.")
    if naming.names_a_child(three.whole):
        raise PlainError(NAMES_A_CHILD)
    month = schedule.month_of(stand)
    try:
        with transaction.atomic():
            before = MonthLines.objects.filter(measure=measure, month=month).order_by("-version").first()
            if before and Three(before.changed, before.why, before.next_steps) == three:
                raise PlainError("These three lines stand already.")
            made = MonthLines.objects.create(
                measure=measure,
                month=month,
                version=before.version + 1 if before else 1,
                changed=three.changed,
                why=three.why,
                next_steps=three.next_steps,
                as_at=stand.as_at,
                computation_id=stand.computation.id,
                written_at=clock.now(),
                written_by_key=by.person_key,
                written_by_name=by.person_name,
                office=by.office,
            )
            record(
                viewer=by,
                action="lines.corrected" if before else "lines.written",
                subject=_subject(measure, month),
                detail={"lines": made.pk, "version": made.version, "computation": made.computation_id},
            )
    except IntegrityError:
        raise PlainError("Somebody wrote these lines in the same moment. Read what stands now.") from None
    return made


def release(*, by: Viewer, measure: str, text: str) -> LinesRelease:
    """Release a text about a measure's month to the Lead Member.

    Raises Refused; PlainError where nothing is written yet, or the text names a child or a team or holds a number so
    small that it could point to a child.
    """
    check_release_lines(by)
    _check_fit_to_release(by, text)
    month = schedule.month_of(standing(by))
    with transaction.atomic():
        lines = MonthLines.objects.filter(measure=measure, month=month).order_by("-version").first()
        if lines is None:
            raise PlainError("Its lead has not written the month’s lines yet, so there is nothing to release.")
        made = LinesRelease.objects.create(
            lines=lines,
            text=text.strip(),
            released_at=clock.now(),
            released_by_key=by.person_key,
            released_by_name=by.person_name,
        )
        detail = {"release": made.pk, "lines": lines.pk}
        record(viewer=by, action="lines.released", subject=_subject(measure, month), detail=detail)
    return made


def take_back(*, by: Viewer, measure: str, key: int) -> None:
    """Take a released text back: it is no longer shown, and stays as taken back. Raises Refused, PlainError."""
    check_release_lines(by)
    with transaction.atomic():
        found = LinesRelease.objects.select_for_update().filter(pk=key, lines__measure=measure, taken_back_at=None)
        text = found.first()
        if text is None:
            raise PlainError("That text is not released.")
        text.taken_back_at, text.taken_back_by_key = clock.now(), by.person_key
        text.save(update_fields=["taken_back_at", "taken_back_by_key"])
        detail = {"release": text.pk}
        record(viewer=by, action="lines.taken back", subject=_subject(measure, text.lines.month), detail=detail)


def _check_fit_to_release(by: Viewer, text: str) -> None:
    if not text.strip():
        raise PlainError("Write the text to release.")
    if naming.names_a_child(text):
        raise PlainError(NAMES_A_CHILD)
    stand = standing(by)
    if number := small_number(stand, text):
        raise PlainError(f"“{number}” is a number so small that it could point to a child. Say it without.")
    if team := named_team(stand, text):
        raise PlainError(f"It names a team, {team}: the Lead Member is told of no team. Say it without.")


def _subject(measure: str, month: date) -> str:
    return f"lines {measure} {month:%Y-%m}"
