"""What a migration of this room does to what stands in the database already: nothing of it is lost."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.db import connection

from lineofsight import clock
from lineofsight.web.access.identity import codes
from lineofsight.web.access.models import SubjectAccess

PLACE = "lineofsight.web.access.migrations"
EDITOR = SimpleNamespace(connection=connection)


def _raw():
    with connection.cursor() as cursor:
        cursor.execute("select reference from access_subjectaccess order by made_by_key")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def in_the_clear(db, home):
    """Two exports whose reference stands as it did before: in the clear."""
    for number in (1, 2):
        made = SubjectAccess.objects.create(
            child_key="aa11", reference="x", asked_by="A solicitor", made_at=clock.now(), made_by_key=f"ig-{number}"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "update access_subjectaccess set reference = %s where made_by_key = %s",
                [f"SAR-{number}", made.made_by_key],
            )
    assert _raw() == ["SAR-1", "SAR-2"]


def test_references_of_subject_access_are_sealed_and_read_as_before(in_the_clear):
    moving = import_module(f"{PLACE}.0004_sealed_references")
    moving.seal(apps, EDITOR)
    assert not any("SAR" in one for one in _raw()) and len(set(_raw())) == 2
    assert [one.reference for one in SubjectAccess.objects.order_by("made_by_key")] == ["SAR-1", "SAR-2"]
    moving.unseal(apps, EDITOR)
    assert _raw() == ["SAR-1", "SAR-2"]


def test_a_new_reference_of_subject_access_stands_sealed(db, home):
    SubjectAccess.objects.create(
        child_key="aa11", reference="SAR-9", asked_by="x", made_at=clock.now(), made_by_key="ig"
    )
    assert "SAR-9" not in _raw()[0] and str(SubjectAccess.objects.get()).startswith("subject access ")
    assert "SAR-9" not in str(SubjectAccess.objects.get())


def test_recovery_codes_that_were_not_used_go_on_working_once_each_and_no_seed_is_kept(people):
    person = people["dcs"]
    before = RecoveryCodes.activate(person)
    ten = before.generate_codes()
    assert before.validate_code(ten[4])
    codes.new_recovery_codes(people["leader"])
    untouched = Authenticator.objects.get(user=people["leader"]).data
    import_module(f"{PLACE}.0005_hashed_recovery_codes").hash_them(apps, EDITOR)
    kept = Authenticator.objects.get(user=person).data
    assert set(kept) == {codes.HASHES} and codes.recovery_codes_left(person) == 9
    assert not any(code in str(kept) for code in ten)
    assert codes.use_code(person, ten[4]) == ""
    assert codes.use_code(person, ten[7]) == codes.RECOVERY_CODE and codes.use_code(person, ten[7]) == ""
    assert Authenticator.objects.get(user=people["leader"]).data == untouched
