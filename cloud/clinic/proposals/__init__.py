"""Readings of the patient in the chair, where they would stand in the record, and taking them over.

The reading itself stays in Readings as the instrument sent it, all raw measurements included; only its representative
values come here. Taking over and taking back decide on the reading too, so that its card says the same.
"""

from cloud.clinic.proposals.accepting import accept, accept_all, reject, undo
from cloud.clinic.proposals.gathering import gathered
from cloud.clinic.proposals.shape import Doubt, Proposal
from cloud.clinic.proposals.waiting import waiting

__all__ = ["Doubt", "Proposal", "accept", "accept_all", "gathered", "reject", "undo", "waiting"]
