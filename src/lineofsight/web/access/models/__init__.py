"""The tables of the access room. Every model says its retention class (DESIGN 5 G)."""

from lineofsight.web.access.models.chain import ChainChild, ChainEvent, ChainHead, ChainShown, Looked
from lineofsight.web.access.models.invitations import Invitation
from lineofsight.web.access.models.looked_after import Notice, PasswordLink
from lineofsight.web.access.models.need import Need, NeedQuerySet, ReadingFile, ReadingNight, Telling
from lineofsight.web.access.models.people import Holding, HoldingQuerySet, Person, PersonManager
from lineofsight.web.access.models.redaction import Redaction, Struck
from lineofsight.web.access.models.restricted import NamedPerson, Restriction
from lineofsight.web.access.models.retention import LegalHold
from lineofsight.web.access.models.sessions import Session
from lineofsight.web.access.models.subject_access import SubjectAccess

__all__ = [
    "ChainChild",
    "ChainEvent",
    "ChainHead",
    "ChainShown",
    "Holding",
    "HoldingQuerySet",
    "Invitation",
    "Looked",
    "LegalHold",
    "NamedPerson",
    "Need",
    "NeedQuerySet",
    "Notice",
    "PasswordLink",
    "Person",
    "PersonManager",
    "ReadingFile",
    "ReadingNight",
    "Redaction",
    "Restriction",
    "Session",
    "Struck",
    "SubjectAccess",
    "Telling",
]
