"""Every change to patients."""

from cloud.people.services.arriving import Arrival, bring_up_to_date, put_back, take_back, take_in
from cloud.people.services.consenting import answer, wish
from cloud.people.services.contacting import add_contact, end_contact, prefer_contact, verify_contact
from cloud.people.services.editing import edit
from cloud.people.services.merging import COMPARED, merge, part, unmerge
from cloud.people.services.registering import register, take_numbers
from cloud.people.services.relating import found_household, join_household, leave_household, tie, untie
from cloud.people.services.undoing import undo, undoable
from cloud.people.services.warning import (
    end_alert,
    label,
    no_allergies,
    note_allergy,
    raise_alert,
    settle_allergy,
    tag,
    untag,
)

__all__ = [
    "COMPARED",
    "Arrival",
    "add_contact",
    "answer",
    "bring_up_to_date",
    "edit",
    "end_alert",
    "end_contact",
    "found_household",
    "join_household",
    "label",
    "leave_household",
    "merge",
    "no_allergies",
    "note_allergy",
    "part",
    "prefer_contact",
    "put_back",
    "raise_alert",
    "register",
    "settle_allergy",
    "tag",
    "take_back",
    "take_in",
    "take_numbers",
    "tie",
    "undo",
    "undoable",
    "unmerge",
    "untag",
    "untie",
    "verify_contact",
    "wish",
]
