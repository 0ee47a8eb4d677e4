"""Tables of the people room."""

from cloud.people.models.care import Alert, Allergy
from cloud.people.models.consents import Consent, Preference
from cloud.people.models.contacts import Contact, Household, Membership, Tie
from cloud.people.models.history import Change, Distinct, Merge
from cloud.people.models.labels import Label, Tagging
from cloud.people.models.person import Numbering, Patient

__all__ = [
    "Alert",
    "Allergy",
    "Change",
    "Consent",
    "Contact",
    "Distinct",
    "Household",
    "Label",
    "Membership",
    "Merge",
    "Numbering",
    "Patient",
    "Preference",
    "Tagging",
    "Tie",
]
