"""Everything that writes in this room: the diary (`schedule`) and the formal record (`records`).

Every writer takes `by`, runs in one transaction, and writes its event of the audit chain in it.
"""

from lineofsight.web.commitments.records import (
    Frozen,
    Incomplete,
    Subject,
    Told,
    correct_record,
    prepare_record,
    sign_now,
    sign_record,
)
from lineofsight.web.commitments.schedule import cancel, extend, mark_missed, move, plan

__all__ = [
    "Frozen",
    "Incomplete",
    "Subject",
    "Told",
    "cancel",
    "correct_record",
    "extend",
    "mark_missed",
    "move",
    "plan",
    "prepare_record",
    "sign_now",
    "sign_record",
]
