"""The tables of the access room. Every model says its retention class (DESIGN 5 G)."""

from lineofsight.web.access.models.chain import ChainChild, ChainEvent, ChainHead
from lineofsight.web.access.models.invitations import Invitation
from lineofsight.web.access.models.need import Need, ReadingFile, ReadingNight, Telling
from lineofsight.web.access.models.people import Holding, HoldingQuerySet, Person, PersonManager
from lineofsight.web.access.models.restricted import NamedPerson, Restriction
from lineofsight.web.access.models.subject_access import SubjectAccess

__all__ = [
    "ChainChild",
    "ChainEvent",
    "ChainHead",
    "Holding",
    "HoldingQuerySet",
    "Invitation",
    "NamedPerson",
    "Need",
    "Person",
    "PersonManager",
    "ReadingFile",
    "ReadingNight",
    "Restriction",
    "SubjectAccess",
    "Telling",
]
