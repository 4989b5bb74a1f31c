"""An invented action plan of 22 actions, and the committee's text of it: 14 green, 5 amber, 3 red."""

import io
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from lineofsight.plans.reading import read
from lineofsight.plans.table import Place, PlanRow, PlanTable
from lineofsight.sources.content import Content

HEADINGS = ("Action", "Person responsible", "Ofsted Deadline", "Progress update as at w/c 3 June 2024", "RAG")
PUBLISHED, COMMITTEE = date(2024, 4, 12), date(2024, 7, 23)
NOW, THREE, SIX = "Immediate", "within 3 months", "within 6 months"
# Where a page ends within a cell.
OVER = "§"


@dataclass(frozen=True)
class Given:
    """One action as the plan has it; its progress in the markup, with OVER where the page ends."""

    action: str
    responsible: str
    deadline: str
    progress: str
    rag: str

    def whole(self) -> str:
        return self.progress.replace(OVER, "")


PLAN = (
    Given("Read every contact on the day it comes in.", "Ada Quill", NOW, "A second screener starts in July.", "Amber"),
    Given(
        "Agree with schools what a referral is.", "Rowan Thistle", THREE, "Agreed in May, after two meetings.", "Green"
    ),
    Given(
        "Make every assessment say what the risk is.",
        "Ada Quill / Ines Marlow",
        THREE,
        'Forty were read again. What follows:\n\n• A new form is on trial at the "front desk"\n• Each team has a reader'
        f"\n\nThe trial ends in July.\n\nA check of 20 assessments will show whether risk is seen {OVER}in casework.",
        "Green",
    ),
    Given(
        "Send minutes of core groups within a week.",
        "Rowan Thistle",
        THREE,
        "Timed since May; most are in time.",
        "Green",
    ),
    Given("Keep chronologies up to date.", "Ada Quill", THREE, "Managers check one at each transfer.", "Green"),
    Given(
        "Tell parents why a social worker comes.",
        "Rowan Thistle",
        THREE,
        "Leaflets are being written:\n\n• The first visit\n• Conferences\n• Going to court\n\nThey come in autumn.",
        "Amber",
    ),
    Given(
        "Hold supervision monthly, and write it down.",
        "Ada Quill/Milo Hart",
        THREE,
        f"The policy is rewritten. A sample of records each quarter will {OVER}show whether it is kept.",
        "Amber",
    ),
    Given(
        "Make the designated officer known.",
        "Rowan Thistle",
        THREE,
        "• Posters went to every club.\n• Doctors were written to.\n\nMore calls have come already.",
        "Green",
    ),
    Given(
        "Shorten the wait for the child mental health team.",
        "Gwen Ashdown",
        THREE,
        f"Five posts are paid for; three are filled.\n\nA line opens in May 2025.{OVER}\n\nNeeds are being counted.",
        "Green",
    ),
    Given(
        "Train all hospital staff to their level.", "Tess Holloway / Jon Vane", THREE, "Levels 1 and 2 done.", "Green"
    ),
    Given(
        "Appoint a named doctor for the surgeries.",
        "Kit Sparrow/Lena Frost",
        THREE,
        "For now:\n\n• A doctor from the hospital stands in, and has reached nearly all of the "
        f"{OVER}surgeries with training.\n• A group meets monthly.\n\nIt is advertised.\n\n1. Interviews\n"
        "2. A start in October",
        "Red",
    ),
    Given("Appoint a named midwife.", "Bea Rookwood, Director of Midwifery", THREE, "The post is paid for", "Red"),
    Given("Hold safeguarding supervision on the wards.", "Tess Holloway", THREE, "Two wards of five hold it.", "Amber"),
    Given(
        "Tell each child who their reviewing officer is.", "Rowan Thistle", NOW, "A card went to every child.", "Green"
    ),
    Given("Ask about feelings in every health assessment.", "Tess Holloway", THREE, "The form now asks.", "Green"),
    Given("Give care leavers their health history.", "Tess Holloway", THREE, "A meeting is set for August.", "Red"),
    Given(
        "Do assessments of children in need in time.", "Ada Quill", THREE, "One form takes the place of two.", "Green"
    ),
    Given("Keep chronologies up to date.", "Milo Hart", THREE, "A template was sent to every worker.", "Green"),
    Given("Rewrite the promise to children in care.", "Milo Hart", SIX, "The council of children is at it.", "Green"),
    Given(
        "Ask children who came alone what they need.", "Milo Hart", SIX, "Twelve were asked; a page is made.", "Green"
    ),
    Given("Find more independent visitors.", "Rowan Thistle", SIX, "Half a post is being sought.", "Amber"),
    Given(
        "Stand by carers who are accused.",
        "Milo Hart",
        SIX,
        "An outside body now does.\n\nIt is looked at again after half a year.",
        "Green",
    ),
)


def committee_text() -> str:
    """The plan as a committee's web page was saved as text: a preamble, tabs, html in cells, headings on each page."""
    heading = "\t".join(HEADINGS)
    lines = [
        "", "REPORT TO:\tChildren’s Scrutiny Panel", "DATE:\t23 July 2024", "",
        "RECOMMENDATIONS\t\t",
        "No\tWhat is the panel asked to agree?\tDue date", "1\tTo note the progress.\t23 July 2024",
        "", "Background", "", "1. The plan was agreed in April, and is here in full.", "", heading,
    ]  # fmt: skip
    for number, given in enumerate(PLAN):
        first, over, rest = given.progress.partition(OVER)
        lines.append("\t".join([given.action, given.responsible, given.deadline, tagged(first), given.rag]))
        if over:
            lines += ["", heading, f"\t\t\t{tagged(rest)}\t"]
        elif number in (11, 14):
            lines += ["", heading]
    return "\n".join(lines)


def tagged(text: str) -> str:
    """A text of the markup as such pages write it: on one line, paragraphs in tags, typed bullets in a list."""
    out = []
    lines = [line for line in text.strip().split("\n") if line]
    for sign, some in groupby(lines, key=lambda line: line[:2] if line[:2] in ("• ", "1.", "2.") else ""):
        held = list(some)
        if sign == "• ":
            out.append(f'<ul style="list-style-type: none;"> {" ".join(held)}</ul>')
        elif sign:
            out.extend(f"<br/>{line}" for line in held)
        else:
            out.extend(f"<p>{line}</p>" for line in held)
    return " ".join(out)


def content(data: bytes | str, name: str = "plan") -> Content:
    """A file in memory."""
    held = data.encode() if isinstance(data, str) else data
    return Content(name, len(held), lambda: io.BytesIO(held))


def of(data: bytes | str, name: str = "plan") -> PlanTable:
    """The plan read from a file."""
    return read(content(data, name))


def placeless(table: PlanTable) -> list[PlanRow]:
    """The actions, wherever they stood."""
    return [replace(row, place=Place("", "", 0)) for row in table.rows]


def five(table: PlanTable) -> list[tuple[str, str, str, str, str | None]]:
    """The five columns of each action as read."""
    return [(row.action, row.responsible, row.deadline, row.progress, row.rag) for row in table.rows]


def told(table: PlanTable) -> list[tuple[int, str, str, str]]:
    """What was not understood: row, column, value, why."""
    return [(one.place.row, one.column, one.value, one.why) for one in table.not_understood]
