"""Which element of the children in need census goes to which column of the SSD.

Element names are the Department for Education's (census of 2023-24, and the sex and pre-proceedings elements
added since); what the SSD has no column for is named as left out, so that nothing is passed over in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A group of elements that makes one row of a table.

    `given` are the columns made from ids; `leaves` maps the other elements to columns; `left_out` are
    elements known that make no column of this table; `groups` are the groups inside; `must` are the elements
    without which a row says little; `shown_by` are the groups (or elements) one of which must stand somewhere
    in the return for it to be taken as giving this table at all: none of them anywhere is not a zero.
    """

    table: str
    given: tuple[str, ...]
    leaves: Mapping[str, str]
    groups: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    must: tuple[str, ...] = ()
    shown_by: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that this return can give."""
        return (*self.given, *self.leaves.values())


PERSON = Group(
    "ssd_person",
    ("pers_person_id", "pers_sex", "pers_ethnicity"),
    {
        "PersonBirthDate": "pers_dob",
        "ExpectedPersonBirthDate": "pers_expected_dob",
        "PersonDeathDate": "pers_death_date",
        "UPNunknown": "pers_upn_unknown",
    },
    # The pupil number is of no use to a measure, so it is not taken in.
    left_out=frozenset({"LAchildID", "UPN", "FormerUPN", "GenderCurrent", "Sex"}),
)
CHARACTERISTICS = Group("ssd_person", (), {}, groups=frozenset({"Disabilities"}), left_out=frozenset({"Ethnicity"}))
DISABILITY = Group("ssd_disability", ("disa_person_id", "disa_table_id", "disa_disability_code"), {})
EPISODE = Group(
    "ssd_cin_episodes",
    ("cine_referral_id", "cine_person_id"),
    {
        "CINreferralDate": "cine_referral_date",
        "ReferralSource": "cine_referral_source_code",
        "PrimaryNeedCode": "cine_cin_primary_need_code",
        "CINclosureDate": "cine_close_date",
        "ReasonForClosure": "cine_close_reason",
        "ReferralNFA": "cine_referral_nfa",
    },
    groups=frozenset({"Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans", "PreProceedingsandFGDM"}),
    left_out=frozenset({"DateOfInitialCPC"}),
    must=("CINreferralDate",),
)
ASSESSMENT = Group(
    "ssd_cin_assessments",
    ("cina_assessment_id", "cina_person_id", "cina_referral_id"),
    {
        "AssessmentActualStartDate": "cina_assessment_start_date",
        "AssessmentAuthorisationDate": "cina_assessment_auth_date",
    },
    groups=frozenset({"FactorsIdentifiedAtAssessment"}),
    left_out=frozenset({"AssessmentInternalReviewDate"}),
    must=("AssessmentActualStartDate",),
    shown_by=frozenset({"Assessments"}),
)
FACTORS = Group(
    "ssd_assessment_factors",
    ("cinf_table_id", "cinf_assessment_id", "cinf_assessment_factors_json"),
    {},
    shown_by=frozenset({"Assessments"}),
)
PLAN = Group(
    "ssd_cin_plans",
    ("cinp_cin_plan_id", "cinp_referral_id", "cinp_person_id"),
    {"CINPlanStartDate": "cinp_cin_plan_start_date", "CINPlanEndDate": "cinp_cin_plan_end_date"},
    must=("CINPlanStartDate",),
    shown_by=frozenset({"CINPlanDates"}),
)
SECTION_47 = Group(
    "ssd_s47_enquiry",
    ("s47e_s47_enquiry_id", "s47e_referral_id", "s47e_person_id", "s47e_s47_outcome_json"),
    {"S47ActualStartDate": "s47e_s47_start_date"},
    left_out=frozenset({"InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"}),
    must=("S47ActualStartDate",),
    shown_by=frozenset({"Section47"}),
)
CONFERENCE = Group(
    "ssd_initial_cp_conference",
    (
        "icpc_icpc_id",
        "icpc_s47_enquiry_id",
        "icpc_person_id",
        "icpc_cp_plan_id",
        "icpc_referral_id",
    ),
    {"InitialCPCtarget": "icpc_icpc_target_date", "DateOfInitialCPC": "icpc_icpc_date"},
    shown_by=frozenset({"Section47", "DateOfInitialCPC"}),
)
PROTECTION_PLAN = Group(
    "ssd_cp_plans",
    ("cppl_cp_plan_id", "cppl_referral_id", "cppl_icpc_id", "cppl_person_id"),
    {
        "CPPstartDate": "cppl_cp_plan_start_date",
        "CPPendDate": "cppl_cp_plan_end_date",
        "InitialCategoryOfAbuse": "cppl_cp_plan_initial_category",
        "LatestCategoryOfAbuse": "cppl_cp_plan_latest_category",
    },
    groups=frozenset({"Reviews"}),
    left_out=frozenset({"NumberOfPreviousCPP"}),
    must=("CPPstartDate",),
    shown_by=frozenset({"ChildProtectionPlans"}),
)
REVIEW = Group(
    "ssd_cp_reviews",
    ("cppr_cp_review_id", "cppr_person_id", "cppr_cp_plan_id"),
    {"CPPreviewDate": "cppr_cp_review_date"},
    shown_by=frozenset({"ChildProtectionPlans"}),
)
PRE_PROCEEDINGS = Group(
    "ssd_pre_proceedings",
    ("prep_table_id", "prep_person_id"),
    {
        "PPStartDate": "prep_pre_pro_decision_date",
        "LBPSentDate": "prep_pre_pro_letter_date",
        "InitialPPMeetingDate": "prep_initial_pre_pro_meeting_date",
        "ReviewMeetingsCount": "prep_pre_pro_meetings_num",
        "StepDecisionDate": "prep_agree_stepdown_issue_date",
        "PPOutcome": "prep_pre_pro_outcome",
        "LetterInitCPDate": "prep_care_pro_letter_date",
    },
    left_out=frozenset({"FGDMMeetingOffer", "FGDMMeetingFac", "CourtAppDate"}),
)

# What a census may give; pre-proceedings are of 2026 on, and there only where the file has them.
GROUPS = (
    PERSON,
    DISABILITY,
    EPISODE,
    ASSESSMENT,
    FACTORS,
    PLAN,
    SECTION_47,
    CONFERENCE,
    PROTECTION_PLAN,
    REVIEW,
)

# Columns of a table only to be had where this group stands in the return.
ONLY_WITH = {"icpc_s47_enquiry_id": "Section47", "icpc_icpc_target_date": "Section47"}

# Which element is a row of which table, to count what stands in a child that cannot be read.
ROW_OF = {
    "Disability": "ssd_disability",
    "CINdetails": "ssd_cin_episodes",
    "Assessments": "ssd_cin_assessments",
    "FactorsIdentifiedAtAssessment": "ssd_assessment_factors",
    "CINPlanDates": "ssd_cin_plans",
    "Section47": "ssd_s47_enquiry",
    "ChildProtectionPlans": "ssd_cp_plans",
    "CPPreviewDate": "ssd_cp_reviews",
}

SEX = {"1": "M", "2": "F", "0": "U", "9": "U"}
CHILD_GROUPS = frozenset({"ChildIdentifiers", "ChildCharacteristics", "CINdetails"})
OTHER_RETURNS = {
    "EXPSSDA903": "the return on looked-after children (SSDA903)",
    "CSWW": "the children's social work workforce return",
}
