"""Whose a row is: how each table's rows belong to a child, where its person column does not say it all."""

from collections.abc import Mapping

# Tables whose rows name no person, and by which column they belong to a row that does (table, its column).
LINKED: Mapping[str, tuple[str, str, str]] = {
    "ssd_assessment_factors": ("cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
    "ssd_cla_reviews": ("clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    "side_placement_approval": ("plap_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
    "ssd_ehcp_requests": ("ehcr_send_table_id", "ssd_send", "send_table_id"),
    "ssd_ehcp_assessment": ("ehca_ehcp_request_id", "ssd_ehcp_requests", "ehcr_ehcp_request_id"),
    "ssd_ehcp_named_plan": ("ehcn_ehcp_asmt_id", "ssd_ehcp_assessment", "ehca_ehcp_assessment_id"),
    "ssd_ehcp_active_plans": ("ehcp_ehcp_request_id", "ssd_ehcp_requests", "ehcr_ehcp_request_id"),
    "ssd_sen_need": ("senn_active_ehcp_id", "ssd_ehcp_active_plans", "ehcp_active_ehcp_id"),
}
# A second column that may name the person.
ALSO: Mapping[str, str] = {"ssd_mother": "moth_childs_person_id", "side_merged_record": "merg_gone_person_id"}
# Tables about staff and teams.
OF_NO_CHILD = frozenset({"ssd_department", "ssd_professionals", "side_absence", "side_post", "side_registration"})
# Rows of a worker in which a child may be named: without the child they are still the worker's.
OF_A_WORKER = frozenset({"side_supervision"})
# Columns of another person's row that may hold a person's id, beside those that name the person the row is about.
HOLDS_AN_ID = frozenset({"link_identifier_value", "pers_legacy_id"})
# Which record a record was merged into: the table, the one that stays, the one that went.
MERGED = ("side_merged_record", "merg_person_id", "merg_gone_person_id")
