"""A return that keeps every rule of the children in need census, and how to break any one of them on demand.

`Census()` is the good return of 2025-26, some children made up so that every element stands in it somewhere. `BREAK`
holds for each rule what to change in it. `written` gives the XML, as an authority would send it.
"""

import copy
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def pupil_number(number: int) -> str:
    """A pupil number with the right letter before it."""
    body = f"823{number:09}"
    return LETTERS[sum(int(figure) * place for place, figure in enumerate(body, start=2)) % 23] + body


class Census:
    """A return that can be changed: paths are written `K01/CINdetails/Section47/DateOfInitialCPC`."""

    def __init__(self) -> None:
        self.root = ET.Element("Message")
        self.header = _made("Header")
        details = _made("CollectionDetails", {"Collection": "CIN", "Year": "2026", "ReferenceDate": "2026-03-31"})
        source = _made("Source", {"SourceLevel": "L", "LEA": "823", "SoftwareCode": "Ours", "SerialNo": "001"})
        self.header.extend([details, source])
        self.children: dict[str, ET.Element] = {}
        for number in range(1, 14):
            self.children[f"K{number:02}"] = _child(number)
        _special(self)

    def at(self, path: str) -> ET.Element:
        """The element at a path; the first of several."""
        name, _, rest = path.partition("/")
        start = self.header if name == "Header" else self.children[name]
        found = start.find(rest) if rest else start
        assert found is not None, path
        return found

    def put(self, path: str, text: str | None) -> None:
        """Let an element hold this, made where there is none; None takes it away."""
        above, _, name = path.rpartition("/")
        parent = self.at(above)
        found = parent.find(name)
        if text is None:
            assert found is not None, path
            parent.remove(found)
            return
        if found is None:
            found = ET.SubElement(parent, name)
        found.text = text

    def add(self, path: str, group: str, text: str | None = None, **leaves: str) -> ET.Element:
        """One more element, or group of them, within the element at a path."""
        made = _made(group, leaves)
        made.text = text
        self.at(path).append(made)
        return made

    def take(self, path: str) -> None:
        """Take every element at a path away."""
        above, _, name = path.rpartition("/")
        parent = self.at(above)
        for one in parent.findall(name):
            parent.remove(one)

    def written(self) -> bytes:
        """The return as XML."""
        root = ET.Element("Message")
        children = ET.Element("Children")
        root.extend([copy.deepcopy(self.header), children])
        children.extend(copy.deepcopy(list(self.children.values())))
        ET.indent(root)
        return ET.tostring(root, encoding="utf-8", xml_declaration=True)

    def write(self, path: Path) -> Path:
        """Write it to a file."""
        path.write_bytes(self.written())
        return path


def broken(code: str) -> Census:
    """The good return with one rule broken."""
    census = Census()
    BREAK[code](census)
    return census


def _made(name: str, leaves: dict[str, str] | None = None) -> ET.Element:
    made = ET.Element(name)
    for leaf, text in (leaves or {}).items():
        ET.SubElement(made, leaf).text = text
    return made


def _child(number: int) -> ET.Element:
    """A child with an open episode and an assessment that was done in time."""
    child = _made("Child")
    identifiers = {
        "LAchildID": f"K{number:02}",
        "UPN": pupil_number(number),
        "PersonBirthDate": "2015-06-01",
        "Sex": "F",
    }
    characteristics = _made("ChildCharacteristics", {"Ethnicity": "WBRI"})
    characteristics.append(_made("Disabilities", {"Disability": "NONE"}))
    episode = _made(
        "CINdetails",
        {"CINreferralDate": "2025-05-06", "ReferralSource": "1A", "PrimaryNeedCode": "N1", "ReferralNFA": "false"},
    )
    episode.append(_assessment("2025-05-07", "2025-06-10", "1A"))
    child.extend([_made("ChildIdentifiers", identifiers), characteristics, episode])
    return child


def _assessment(start: str, end: str, *factors: str) -> ET.Element:
    assessment = _made("Assessments", {"AssessmentActualStartDate": start, "AssessmentAuthorisationDate": end})
    group = _made("FactorsIdentifiedAtAssessment")
    for factor in factors:
        ET.SubElement(group, "AssessmentFactors").text = factor
    assessment.append(group)
    return assessment


def _close(census: Census, child: str, day: str, reason: str) -> None:
    census.put(f"{child}/CINdetails/CINclosureDate", day)
    census.put(f"{child}/CINdetails/ReasonForClosure", reason)


def _plan(census: Census, child: str, start: str, end: str = "", **more: str) -> ET.Element:
    dates = {"CPPstartDate": start, **({"CPPendDate": end} if end else {})}
    rest = {"InitialCategoryOfAbuse": "NEG", "LatestCategoryOfAbuse": "EMO", "NumberOfPreviousCPP": "0", **more}
    return census.add(f"{child}/CINdetails", "ChildProtectionPlans", **dates, **rest)


def _need_plan(census: Census, child: str, start: str, end: str = "") -> None:
    census.add(
        f"{child}/CINdetails", "CINPlanDates", CINPlanStartDate=start, **({"CINPlanEndDate": end} if end else {})
    )


def _enquiry(census: Census, child: str, start: str, not_required: str, **more: str) -> None:
    census.add(f"{child}/CINdetails", "Section47", S47ActualStartDate=start, ICPCnotRequired=not_required, **more)


def _disabilities(census: Census, child: str, *codes: str) -> None:
    census.take(f"{child}/ChildCharacteristics/Disabilities/Disability")
    for code in codes:
        census.add(f"{child}/ChildCharacteristics/Disabilities", "Disability", code)


def _special(census: Census) -> None:
    """What makes children differ: a plan that ended, one that runs, an unborn child, one who died, and so on."""
    _enquiry(census, "K01", "2025-05-12", "false", InitialCPCtarget="2025-06-02", DateOfInitialCPC="2025-05-29")
    _plan(census, "K01", "2025-05-29", "2025-12-01").append(_made("Reviews", {"CPPreviewDate": "2025-08-20"}))
    _need_plan(census, "K01", "2025-12-01", "2026-01-15")
    _close(census, "K01", "2026-01-20", "RC1")
    census.put("K02/CINdetails/DateOfInitialCPC", "2025-06-12")
    _plan(census, "K02", "2025-06-12").append(_made("Reviews", {"CPPreviewDate": "2025-09-01"}))
    for leaf, text in (
        ("PersonBirthDate", None),
        ("UPN", None),
        ("ExpectedPersonBirthDate", "2026-04-20"),
        ("Sex", "U"),
    ):
        census.put(f"K03/ChildIdentifiers/{leaf}", text)
    for leaf, text in (("CINreferralDate", "2025-11-03"), ("Assessments/AssessmentActualStartDate", "2025-11-04"),
                       ("Assessments/AssessmentAuthorisationDate", "2025-12-15")):  # fmt: skip
        census.put(f"K03/CINdetails/{leaf}", text)
    census.put("K04/ChildIdentifiers/PersonDeathDate", "2025-11-10")
    _close(census, "K04", "2025-11-12", "RC2")
    census.put("K05/CINdetails/ReferralNFA", "true")
    census.take("K05/CINdetails/Assessments")
    census.put("K05/ChildIdentifiers/UPN", None)
    census.put("K05/ChildIdentifiers/UPNunknown", "UN7")
    _disabilities(census, "K06", "MOB", "HAND", "PC")
    _disabilities(census, "K07", "INC", "COMM", "LD")
    _disabilities(census, "K08", "HEAR", "VIS")
    census.put("K09/ChildIdentifiers/FormerUPN", "X98765432123B")
    second = copy.deepcopy(census.at("K09/CINdetails"))
    census.put("K09/CINdetails/CINreferralDate", "2024-09-02")
    census.put("K09/CINdetails/Assessments/AssessmentActualStartDate", "2025-03-03")
    census.put("K09/CINdetails/Assessments/AssessmentAuthorisationDate", "2025-04-10")
    _close(census, "K09", "2025-04-15", "RC8")
    census.children["K09"].append(second)
    _enquiry(census, "K10", "2025-05-19", "true")
    _close(census, "K10", "2025-09-01", "RC1")
    census.put("K11/CINdetails/Assessments/FactorsIdentifiedAtAssessment/AssessmentFactors", "21")
    _close(census, "K11", "2025-07-01", "RC8")
    _need_plan(census, "K12", "2025-06-16")


_EPISODE, _WHO = "K12/CINdetails", "K12/ChildIdentifiers"
_DONE = f"{_EPISODE}/Assessments"
_FACTORS = f"{_DONE}/FactorsIdentifiedAtAssessment"
_S47, _CPP = "K01/CINdetails/Section47", "K01/CINdetails/ChildProtectionPlans"


def _puts(*changes: tuple[str, str | None]) -> Callable[[Census], None]:
    def change(census: Census) -> None:
        for path, text in changes:
            census.put(path, text)

    return change


def _one_each(census: Census) -> None:
    for child, code in (("K06", "MOB"), ("K07", "INC"), ("K08", "HEAR")):
        _disabilities(census, child, code)


def _another_episode_open(census: Census) -> None:
    census.put("K09/CINdetails/CINclosureDate", None)
    census.put("K09/CINdetails/ReasonForClosure", None)


def _two_unfinished(census: Census) -> None:
    census.put(f"{_DONE}/AssessmentAuthorisationDate", None)
    census.add(_EPISODE, "Assessments", AssessmentActualStartDate="2026-03-02")


def _two_enquiries_open(census: Census) -> None:
    census.put("K10/CINdetails/Section47/ICPCnotRequired", "false")
    _enquiry(census, "K10", "2025-06-02", "false")


BREAK: dict[str, Callable[[Census], object]] = {
    "100": _puts(("Header/CollectionDetails/ReferenceDate", "2026-03-30")),
    "1103": _puts((f"{_DONE}/AssessmentActualStartDate", "2025-05-05")),
    "1104": _puts((f"{_S47}/DateOfInitialCPC", "2025-05-05")),
    "1105": _puts((f"{_CPP}/CPPstartDate", "2025-05-05")),
    "1510": _puts((f"{_WHO}/UPN", "A" + pupil_number(4)[1:])),
    "1520": _puts((f"{_WHO}/UPN", pupil_number(11))),
    "1530": _puts((f"{_WHO}/UPN", "A999000000012")),
    "1540": _puts((f"{_WHO}/UPN", "A8230000x0012")),
    "1550": _puts((f"{_WHO}/UPN", "A82300000001S")),
    "1560Q": _puts(("K09/ChildIdentifiers/FormerUPN", "X12")),
    "1570": _puts((f"{_WHO}/LAchildID", "K" * 21)),
    "1580": _puts((f"{_WHO}/LAchildID", "K-12")),
    "2883": lambda c: _plan(c, "K12", "2025-10-01"),
    "2884": _puts(("K01/CINdetails/DateOfInitialCPC", "2025-05-29")),
    "2885": _puts((f"{_CPP}/CPPstartDate", "2025-05-30")),
    "2886Q": _puts((f"{_WHO}/Sex", "U")),
    "2887Q": lambda c: _disabilities(c, "K08", "MOB", "LD"),
    "2888Q": _one_each,
    "2889": _puts((f"{_S47}/S47ActualStartDate", "2025-05-05")),
    "2990": lambda c: _need_plan(c, "K11", "2025-06-16", "2025-06-30"),
    "2991Q": lambda c: c.take("K01/CINdetails/Assessments"),
    "4000": lambda c: _need_plan(c, "K05", "2025-06-16"),
    "4001": lambda c: _need_plan(c, "K02", "2025-06-02"),
    "4003": lambda c: _need_plan(c, "K02", "2025-08-01", "2025-09-30"),
    "4004": lambda c: _need_plan(c, "K12", "2025-07-01"),
    "4008": lambda c: _need_plan(c, "K04", "2025-11-11"),
    "4009Q": lambda c: _need_plan(c, "K04", "2025-06-02", "2025-11-11"),
    "4010": _puts((f"{_EPISODE}/CINPlanDates/CINPlanStartDate", "2026-04-01")),
    "4011": _puts(("K01/CINdetails/CINPlanDates/CINPlanEndDate", "2025-11-30")),
    "4012Q": _puts(("K01/CINdetails/CINPlanDates/CINPlanEndDate", "2025-12-01")),
    "4013": _puts(("K01/CINdetails/CINPlanDates/CINPlanEndDate", "2026-04-01")),
    "4014": lambda c: _need_plan(c, "K01", "2026-01-15", "2026-01-19"),
    "4015": _puts((f"{_EPISODE}/CINPlanDates/CINPlanStartDate", "2025-05-05")),
    "4016": lambda c: _need_plan(c, "K02", "2025-07-01", "2025-07-10"),
    "4017": _puts(("K01/CINdetails/CINPlanDates/CINPlanStartDate", "2025-05-20")),
    "4180": _puts((f"{_WHO}/Sex", "1")),
    "4220": _puts(("K12/ChildCharacteristics/Ethnicity", "wbri")),
    "8500": _puts((f"{_WHO}/LAchildID", None)),
    "8510": _puts((f"{_WHO}/LAchildID", "K11")),
    "8520": _puts((f"{_WHO}/PersonBirthDate", "2026-04-01")),
    "8525Q": _puts((f"{_WHO}/ExpectedPersonBirthDate", "2026-04-01")),
    "8530Q": _puts(("K03/ChildIdentifiers/ExpectedPersonBirthDate", "2027-01-01")),
    "8535Q": _puts(("K04/ChildIdentifiers/PersonBirthDate", "2025-11-11")),
    "8540": lambda c: c.take("K12/ChildCharacteristics/Disabilities"),
    "8545Q": _puts(("K04/ChildIdentifiers/PersonDeathDate", "2025-03-31")),
    "8555Q": _puts(("K04/ChildIdentifiers/PersonDeathDate", "2025-05-05")),
    "8565": _puts(("K01/CINdetails/CINclosureDate", "2026-01-14")),
    "8568": _puts((f"{_EPISODE}/ReferralNFA", "perhaps")),
    "8569Q": _puts(("K09/CINdetails/ReferralNFA", "1")),
    "8585Q": lambda c: _close(c, "K12", "2025-09-01", "RC2"),
    "8590": lambda c: c.take(_EPISODE),
    "8600": _puts((f"{_EPISODE}/CINreferralDate", "2026-04-01")),
    "8606": _puts(("K03/CINdetails/CINreferralDate", "2025-07-13")),
    "8608": _puts((f"{_DONE}/AssessmentAuthorisationDate", "2025-05-06")),
    "8610": _puts((f"{_EPISODE}/PrimaryNeedCode", None)),
    "8614": _puts((f"{_DONE}/AssessmentAuthorisationDate", None)),
    "8615": _puts((f"{_S47}/S47ActualStartDate", "2025-05-30")),
    "8620": _puts(("K01/CINdetails/CINclosureDate", "2026-04-01")),
    "8630": _puts(("K01/CINdetails/CINclosureDate", "2025-05-05")),
    "8640": _puts(("K01/CINdetails/ReasonForClosure", "RC0")),
    "8650": _puts((f"{_EPISODE}/PrimaryNeedCode", "N10")),
    "8670Q": _puts((f"{_DONE}/AssessmentAuthorisationDate", None)),
    "8675Q": _puts(("K10/CINdetails/Section47/ICPCnotRequired", "0")),
    "8696": _puts((f"{_DONE}/AssessmentAuthorisationDate", "2026-04-01")),
    "8715": _puts((f"{_S47}/DateOfInitialCPC", "2026-04-01")),
    "8720": _puts(("K02/CINdetails/ChildProtectionPlans/CPPstartDate", None)),
    "8730": _puts((f"{_CPP}/NumberOfPreviousCPP", "-1")),
    "8736": _puts((f"{_DONE}/AssessmentAuthorisationDate", None), (f"{_DONE}/AssessmentActualStartDate", "2025-03-31")),
    "8740": _puts(
        ("K10/CINdetails/Section47/ICPCnotRequired", "false"),
        ("K10/CINdetails/Section47/S47ActualStartDate", "2025-03-31"),
    ),
    "8750": _puts(("K03/ChildIdentifiers/Sex", "F")),
    "8770Q": _puts((f"{_WHO}/UPN", None), (f"{_WHO}/UPNunknown", "UN1")),
    "8772": _puts(("K05/CINdetails/ReferralNFA", "false")),
    "8775Q": _puts((f"{_WHO}/PersonBirthDate", "2001-03-30")),
    "8790": lambda c: c.add("K06/ChildCharacteristics/Disabilities", "Disability", "NONE"),
    "8794": lambda c: c.add("K06/ChildCharacteristics/Disabilities", "Disability", "MOB"),
    "8805": _puts(("K01/CINdetails/ReasonForClosure", None)),
    "8810": _puts((f"{_EPISODE}/ReasonForClosure", "RC1")),
    "8815": _another_episode_open,
    "8816": _another_episode_open,
    "8820": _puts(("K09/CINdetails/CINclosureDate", "2025-05-07")),
    "8825Q": lambda c: c.take("K11/CINdetails/Assessments"),
    "8831": lambda c: c.add("K05/CINdetails", "Assessments", AssessmentActualStartDate="2026-03-02"),
    "8832": lambda c: _plan(c, "K05", "2025-06-16"),
    "8839": _two_enquiries_open,
    "8840": _puts((f"{_CPP}/CPPendDate", "2025-05-29")),
    "8841": _puts((f"{_CPP}/Reviews/CPPreviewDate", "2025-05-29")),
    "8842Q": _puts((f"{_CPP}/Reviews/CPPreviewDate", None)),
    "8863Q": lambda c: c.at(_EPISODE).append(_assessment("2025-06-10", "2025-07-01", "1A")),
    "8866": _puts((f"{_EPISODE}/ReferralSource", "1a")),
    "8867": _puts(("K01/CINdetails/Assessments/AssessmentAuthorisationDate", None)),
    "8868": _puts(("K10/CINdetails/Section47/ICPCnotRequired", "false")),
    "8869": lambda c: c.add(_FACTORS, "AssessmentFactors", "21"),
    "8870Q": _puts((f"{_S47}/InitialCPCtarget", "2025-05-31")),
    "8873Q": _puts(("K11/CINdetails/ReasonForClosure", "RC1")),
    "8875": _puts((f"{_S47}/DateOfInitialCPC", "2025-06-01")),
    "8890": lambda c: _enquiry(c, "K01", "2025-05-29", "true"),
    "8896": _two_unfinished,
    "8897Q": lambda c: c.take(f"{_FACTORS}/AssessmentFactors"),
    "8898": lambda c: c.add(_FACTORS, "AssessmentFactors", "1A"),
    "8905": _puts((f"{_CPP}/InitialCategoryOfAbuse", None)),
    "8910": _puts((f"{_CPP}/LatestCategoryOfAbuse", "ALL")),
    "8915": lambda c: _plan(c, "K04", "2025-11-11"),
    "8920": lambda c: _plan(c, "K04", "2025-11-03", "2025-11-11"),
    "8925": _puts((f"{_CPP}/CPPendDate", "2025-05-28")),
    "8930": _puts((f"{_CPP}/CPPendDate", "2026-04-01")),
    "8935": lambda c: _plan(c, "K02", "2026-01-05"),
    "8940": lambda c: _plan(c, "K02", "2025-07-01", "2025-07-10"),
    "8945Q": lambda c: c.add(_FACTORS, "AssessmentFactors", "18A"),
    "8950Q": lambda c: c.add(_FACTORS, "AssessmentFactors", "19A"),
}
