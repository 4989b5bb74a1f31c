"""The way from a page to the case system, where the work is done: its own number, and a link where one is set."""

from urllib.parse import quote

from lineofsight.web import home_in_use

PLACE = "{id}"


def link(person_id: str) -> str:
    """The address of a person in the case system, '' where the home names none or `person_id` is empty.

    `case_system` in home.toml is an address with {id} in it, such as https://cases.example/person/{id}.
    """
    template = home_in_use().case_system
    if not person_id or PLACE not in template or not template.startswith("https://"):
        return ""
    return template.replace(PLACE, quote(person_id, safe=""))
