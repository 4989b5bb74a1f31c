"""The elements of a census, child by child, gathered into rows of SSD tables."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.schema import Issue, codes
from lineofsight.schema.conforming import BLANK, MOST_ISSUES_OF_A_KIND
from lineofsight.schema.issue import shown
from lineofsight.sources import cin_layout as layout
from lineofsight.sources.cin_layout import Group
from lineofsight.sources.cin_tables import IN_NO_CHILD, Cell, Cells, Rows
from lineofsight.sources.extract import SourceTable
from lineofsight.sources.paced_xml import local_name

# More children than any authority has, more things wrong than anybody puts right, more kinds of them than are told.
_MOST_CHILDREN = 1_000_000
_MOST_TOLD = 500_000
_MOST_KINDS = 500
_OTHERS = "of many kinds more that are not told one by one"
_TRUE = ("true", "1")
_AUTHORITY = re.compile(r"[0-9]{3}")


Groups = dict[str, list[etree._Element]]


class Reader:
    """Takes the header and each child in turn; gives tables and issues at the end."""

    def __init__(self, file: str) -> None:
        self.issues: list[Issue] = []
        self.children = 0
        self._file = file
        self._header: Cells = {}
        self._rows = {group.table: Rows(group) for group in layout.GROUPS}
        self._ids: dict[str, int] = {}
        self._told: dict[tuple[str, str], int] = {}
        self._told_in_all = 0
        self._shown: set[str] = set()

    def take(self, element: etree._Element) -> None:
        """Take in one Header or Child element.

        Raises PlainError where the header is another collection's or stands twice, there are more children than
        anywhere, or hardly anything in the file is known.
        """
        if local_name(element) == "Header":
            self._take_header(element)
            return
        self.children += 1
        if self.children > _MOST_CHILDREN:
            raise PlainError(f"{self._file} holds more than {_MOST_CHILDREN:,} children: it is no authority's census.")
        self._child(element)

    def reference_date(self) -> date | None:
        """The day the return is as at, from its header; None (and an issue) where that is no date."""
        cell = self._header.get("ReferenceDate")
        if cell is None:
            return None
        try:
            return date.fromisoformat(cell.text)
        except ValueError:
            self._tell("is not a date", cell, None, "ReferenceDate")
            return None

    def authority(self) -> str | None:
        """The authority's three-digit code, from the header; None (and an issue) where it is not one."""
        cell = self._header.get("LEA")
        if cell is not None and _AUTHORITY.fullmatch(cell.text):
            return cell.text
        if cell is not None:
            self._tell("is not the three digits of an authority's code", cell, None, "LEA")
        return None

    def tables(self, sha256: str) -> dict[str, SourceTable]:
        """The tables read, by name; their issues join `issues`."""
        out: dict[str, SourceTable] = {}
        for name, rows in self._rows.items():
            if rows.group.shown_by and not rows.group.shown_by & self._shown:
                what = " or ".join(sorted(rows.group.shown_by))
                why = f"the return has no {what} for any child, so this is taken as not given, not as none"
                self.issues.append(Issue(self._file, None, name, None, None, None, why))
                continue
            out[name], issues = rows.source(self._file, sha256, self._shown)
            self.issues.extend(issues)
        for (why, element), count in self._told.items():
            if count > MOST_ISSUES_OF_A_KIND:
                more = f"{why}: and {count - MOST_ISSUES_OF_A_KIND:,} more"
                self.issues.append(Issue(self._file, None, None, None, shown(element) or None, None, more))
        return out

    def _tell(self, why: str, cell: Cell, table: str | None, element: str) -> None:
        self._told_in_all += 1
        if self._told_in_all > _MOST_TOLD:
            raise PlainError(f"{self._file} has more than {_MOST_TOLD:,} things wrong with it: it is no such census.")
        if (why, element) not in self._told and len(self._told) >= _MOST_KINDS:
            why, table, element = _OTHERS, None, ""
        told = self._told[why, element] = self._told.get((why, element), 0) + 1
        if told <= MOST_ISSUES_OF_A_KIND:
            name, value = shown(element) or None, shown(cell.text) or None
            self.issues.append(Issue(self._file, None, table, cell.line, name, value, why))

    def _take_header(self, element: etree._Element) -> None:
        if self._header:
            raise PlainError(f"{self._file} has more than one header: it is more than one return.")
        for item in element.iter():
            if isinstance(item.tag, str) and not len(item):
                self._header.setdefault(local_name(item), _cell(item))
        collection = self._header.get("Collection")
        if collection is not None and collection.text.upper() != "CIN":
            said = layout.OTHER_RETURNS.get(collection.text.upper(), "another collection")
            raise PlainError(f"{self._file} says it is {said}, not the children in need census.")

    def _split(self, element: etree._Element, group: Group) -> tuple[Cells, Groups]:
        """An element's own cells, and the groups inside it."""
        cells: Cells = {}
        groups: Groups = {}
        for item in element:
            if not isinstance(item.tag, str):
                continue
            name = local_name(item)
            if name in group.groups:
                self._shown.add(name)
                groups.setdefault(name, []).append(item)
            elif name not in group.leaves and name not in group.left_out:
                self._tell("not an element known here; ignored", _cell(item), group.table, name)
            elif name in cells:
                self._tell("stands more than once; the first is read", _cell(item), group.table, name)
            else:
                cells[name] = _cell(item)
        return cells, groups

    def _add(self, group: Group, line: int, given: Mapping[str, str | Cell], cells: Cells) -> None:
        for element in group.must:
            if not cells.get(element, Cell("", line)).text:
                self._tell(BLANK, Cell("", line), group.table, element)
        if group.table not in self._rows:
            self._rows[group.table] = Rows(group)
        self._rows[group.table].add(line, given, cells)

    def _id(self, owner: str, kind: str, day: str) -> str:
        """An id from natural parts; a second of the same gets '(2)'."""
        base = f"{owner}/{kind} {day or 'undated'}"
        count = self._ids[base] = self._ids.get(base, 0) + 1
        return base if count == 1 else f"{base} ({count})"

    def _child(self, element: etree._Element) -> None:
        parts: Groups = {}
        for item in element:
            if isinstance(item.tag, str) and local_name(item) in layout.CHILD_GROUPS:
                parts.setdefault(local_name(item), []).append(item)
            elif isinstance(item.tag, str):
                self._tell("not an element known here; ignored", _cell(item), None, local_name(item))
        line = _line(element)
        cells: Cells = {}
        for part in parts.get("ChildIdentifiers", []):
            cells = self._split(part, layout.PERSON)[0] | cells
        child = cells.get("LAchildID", Cell("", line)).text
        if not child:
            why = "the child has no id, so nothing of the child was read"
            self._tell(why, Cell("", line), layout.PERSON.table, "LAchildID")
            self._pass_over(element)
            return
        ethnicity = self._characteristics(child, parts.get("ChildCharacteristics", []), line)
        sex = cells.get("Sex") or cells.get("GenderCurrent") or Cell("", line)
        given: dict[str, str | Cell] = {
            "pers_person_id": child,
            "pers_sex": sex._replace(text=layout.SEX.get(sex.text, sex.text)),
            "pers_ethnicity": ethnicity,
        }
        self._add(layout.PERSON, line, given, cells)
        for part in parts.get("CINdetails", []):
            self._episode(child, part)

    def _pass_over(self, child: etree._Element) -> None:
        """Count and tell the rows of a child that cannot be read."""
        self._rows[layout.PERSON.table].pass_over(1)
        for item in child.iter(etree.Element):
            table = layout.ROW_OF.get(local_name(item))
            if table:
                self._rows[table].pass_over(1)
                self._tell(IN_NO_CHILD, Cell("", _line(item)), table, local_name(item))

    def _characteristics(self, child: str, parts: list[etree._Element], line: int) -> Cell:
        """Adds the child's disabilities; returns the ethnicity."""
        ethnicity = Cell("", line)
        for part in parts:
            cells, groups = self._split(part, layout.CHARACTERISTICS)
            ethnicity = cells.get("Ethnicity", ethnicity)
            for disabilities in groups.get("Disabilities", []):
                for cell in self._each(disabilities, "Disability"):
                    given: dict[str, str | Cell] = {
                        "disa_person_id": child,
                        "disa_table_id": self._id(child, "disability", cell.text),
                        "disa_disability_code": cell,
                    }
                    self._add(layout.DISABILITY, cell.line, given, {})
        return ethnicity

    def _each(self, element: etree._Element, name: str) -> list[Cell]:
        """The cells of that name in a list element; others are told."""
        cells = []
        for item in element:
            if isinstance(item.tag, str) and local_name(item) == name:
                cells.append(_cell(item))
            elif isinstance(item.tag, str):
                self._tell("not an element known here; ignored", _cell(item), None, local_name(item))
        return [cell for cell in cells if cell.text]

    def _episode(self, child: str, element: etree._Element) -> None:
        cells, groups = self._split(element, layout.EPISODE)
        referral = self._id(child, "referral", _text(cells, "CINreferralDate"))
        given: dict[str, str | Cell] = {"cine_referral_id": referral, "cine_person_id": child}
        self._add(layout.EPISODE, _line(element), given, cells)
        for part in groups.get("Assessments", []):
            self._assessment(child, referral, part)
        for part in groups.get("CINPlanDates", []):
            dates, _ = self._split(part, layout.PLAN)
            given = {
                "cinp_cin_plan_id": self._id(child, "cin-plan", _text(dates, "CINPlanStartDate")),
                "cinp_referral_id": referral,
                "cinp_person_id": child,
            }
            self._add(layout.PLAN, _line(part), given, dates)
        self._protection(child, referral, cells, groups)
        for part in groups.get("PreProceedingsandFGDM", []):
            steps, _ = self._split(part, layout.PRE_PROCEEDINGS)
            given = {
                "prep_table_id": self._id(child, "pre-proceedings", _text(steps, "PPStartDate")),
                "prep_person_id": child,
            }
            self._add(layout.PRE_PROCEEDINGS, _line(part), given, steps)

    def _assessment(self, child: str, referral: str, element: etree._Element) -> None:
        cells, groups = self._split(element, layout.ASSESSMENT)
        assessment = self._id(child, "assessment", _text(cells, "AssessmentActualStartDate"))
        given: dict[str, str | Cell] = {
            "cina_assessment_id": assessment,
            "cina_person_id": child,
            "cina_referral_id": referral,
        }
        self._add(layout.ASSESSMENT, _line(element), given, cells)
        factors = [
            cell
            for part in groups.get("FactorsIdentifiedAtAssessment", [])
            for cell in self._each(part, "AssessmentFactors")
        ]
        if not factors:
            return
        for cell in factors:
            if cell.text not in codes("factors"):
                why = "is not in the list of factors codes; kept as it is"
                self._tell(why, cell, layout.FACTORS.table, "AssessmentFactors")
        given = {
            "cinf_table_id": f"{assessment}/factors",
            "cinf_assessment_id": assessment,
            "cinf_assessment_factors_json": json.dumps([cell.text for cell in factors]),
        }
        self._add(layout.FACTORS, factors[0].line, given, {})

    def _protection(self, child: str, referral: str, cells: Cells, groups: Groups) -> None:
        """Section 47 enquiries, the conferences they led to, and plans, each tied to the others by date."""
        plans = [(part, *self._split(part, layout.PROTECTION_PLAN)) for part in groups.get("ChildProtectionPlans", [])]
        plan_ids = [self._id(child, "cp-plan", _text(dates, "CPPstartDate")) for _, dates, _ in plans]
        plan_on: dict[str, str] = {}
        for (_, dates, _), plan in zip(plans, plan_ids, strict=True):
            plan_on.setdefault(_text(dates, "CPPstartDate"), plan)
        conference_on: dict[str, str] = {}
        owner = {"icpc_person_id": child, "icpc_referral_id": referral}
        for part in groups.get("Section47", []):
            dates, _ = self._split(part, layout.SECTION_47)
            enquiry = self._enquiry(child, referral, part, dates)
            self._conference({**owner, "icpc_s47_enquiry_id": enquiry}, _line(part), dates, plan_on, conference_on)
        alone = {name: cell for name, cell in cells.items() if name == "DateOfInitialCPC"}
        if alone:
            self._shown.add("DateOfInitialCPC")
            self._conference(owner, alone["DateOfInitialCPC"].line, alone, plan_on, conference_on)
        for (part, dates, inner), plan in zip(plans, plan_ids, strict=True):
            given: dict[str, str | Cell] = {
                "cppl_cp_plan_id": plan,
                "cppl_referral_id": referral,
                "cppl_icpc_id": conference_on.get(_text(dates, "CPPstartDate"), ""),
                "cppl_person_id": child,
            }
            self._add(layout.PROTECTION_PLAN, _line(part), given, dates)
            self._reviews(child, plan, inner.get("Reviews", []))

    def _enquiry(self, child: str, referral: str, element: etree._Element, cells: Cells) -> str:
        enquiry = self._id(child, "s47", _text(cells, "S47ActualStartDate"))
        said = _text(cells, "ICPCnotRequired").lower()
        given: dict[str, str | Cell] = {
            "s47e_s47_enquiry_id": enquiry,
            "s47e_referral_id": referral,
            "s47e_person_id": child,
            "s47e_s47_outcome_json": json.dumps({"ICPCnotRequired": said in _TRUE}) if said else "",
        }
        self._add(layout.SECTION_47, _line(element), given, cells)
        return enquiry

    def _conference(
        self,
        owner: Mapping[str, str],
        line: int,
        cells: Cells,
        plan_on: Mapping[str, str],
        conference_on: dict[str, str],
    ) -> None:
        """A conference that was held, or is due because it was not said to be unnecessary; one a day."""
        held, due = _text(cells, "DateOfInitialCPC"), _text(cells, "InitialCPCtarget")
        unnecessary = _text(cells, "ICPCnotRequired").lower() in _TRUE
        if held in conference_on or not (held or (due and not unnecessary)):
            return
        conference = self._id(owner["icpc_person_id"], "conference", held or f"due {due}")
        if held:
            conference_on[held] = conference
        plan = plan_on.get(held, "") if held else ""
        given = {**owner, "icpc_icpc_id": conference, "icpc_cp_plan_id": plan}
        self._add(layout.CONFERENCE, line, given, cells)

    def _reviews(self, child: str, plan: str, parts: list[etree._Element]) -> None:
        for part in parts:
            for cell in self._each(part, "CPPreviewDate"):
                given: dict[str, str | Cell] = {
                    "cppr_cp_review_id": self._id(plan, "review", cell.text),
                    "cppr_person_id": child,
                    "cppr_cp_plan_id": plan,
                }
                self._add(layout.REVIEW, cell.line, given, {"CPPreviewDate": cell})


def _cell(element: etree._Element) -> Cell:
    return Cell((element.text or "").strip(), _line(element))


def _line(element: etree._Element) -> int:
    return cast(int | None, element.sourceline) or 0


def _text(cells: Cells, name: str) -> str:
    return cells[name].text if name in cells else ""
