"""Who answers for an action: the names in a cell, each with its post, however they are set apart."""

import pytest

from lineofsight.plans.owners import owners
from lineofsight.plans.table import Owner


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ada Quill", [("Ada Quill", "")]),
        ("Ada Quill / Milo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("Ada Quill/Milo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("Ada Quill; Milo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("Ada Quill\n\nMilo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("• Ada Quill\n• Milo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("Ada Quill and Milo Hart", [("Ada Quill", ""), ("Milo Hart", "")]),
        ("Ada Quill, Milo Hart & Tess O’Dell-Moor", [("Ada Quill", ""), ("Milo Hart", ""), ("Tess O’Dell-Moor", "")]),
        ("Bea Rookwood, Director of Midwifery", [("Bea Rookwood", "Director of Midwifery")]),
        ("Bea Rookwood, Director, Care, North", [("Bea Rookwood", "Director, Care, North")]),
        ("Dr Bea Rookwood (Named Doctor)", [("Dr Bea Rookwood", "Named Doctor")]),
        (
            "Bea Rookwood – Head of Service / Milo Hart, Nurse",
            [("Bea Rookwood", "Head of Service"), ("Milo Hart", "Nurse")],
        ),
        ("Head of Quality and Performance", [("Head of Quality and Performance", "")]),
        (
            "Director of Children’s Services, Northmere Council",
            [("Director of Children’s Services, Northmere Council", "")],
        ),
        ("HR/Finance", [("HR", ""), ("Finance", "")]),
        ("Ada Quill / Ada Quill", [("Ada Quill", "")]),
        ("", []),
        ("tbc", []),
        ("N/A", []),
        ("-", []),
        ("To be agreed", []),
    ],
)
def test_owners_are_set_apart_and_a_post_stays_with_its_name(written: str, found: list[tuple[str, str]]) -> None:
    assert owners(written) == tuple(Owner(*one) for one in found)
