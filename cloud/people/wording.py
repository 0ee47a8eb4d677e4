"""Codes of this room in the user's words."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from cloud.people.choices import Channel, Purpose, Sex, Status

LANGUAGES = {"en": "English", "zh": "中文"}
DAYS = ("birth_date", "deceased_on")
MOMENTS = ("ended_at", "left_at", "verified_at")
ALERTED = ("owner", "manager", "clinician", "assistant", "reception")


def sexes() -> dict[str, str]:
    """Sex."""
    return {Sex.FEMALE: _("Female"), Sex.MALE: _("Male"), Sex.OTHER: _("Other"), Sex.UNKNOWN: _("Unknown")}


def roles() -> dict[str, str]:
    """What somebody is to the chain."""
    return {
        "patient": _("Patient"),
        "customer": _("Customer"),
        "guardian": _("Guardian"),
        "payer": _("Payer"),
        "student": _("Student"),
    }


def id_kinds() -> dict[str, str]:
    """What a national number stands on."""
    return {
        "identity_card": _("Identity card"),
        "passport": _("Passport"),
        "health_number": _("Health insurance number"),
        "other": _("Other document"),
    }


def contact_kinds() -> dict[str, str]:
    """Contact points."""
    return {
        "mobile": _("Mobile"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "wechat": _("WeChat"),
        "address": _("Address"),
    }


def ties(*, outward: bool) -> dict[str, str]:
    """What the other is to the patient; ``outward``: what the other is when the patient is the parent, guardian ..."""
    if outward:
        return {
            "parent": _("Child"),
            "guardian": _("Ward"),
            "spouse": _("Spouse or partner"),
            "sibling": _("Brother or sister"),
            "payer": _("Pays for"),
        }
    return {
        "parent": _("Parent"),
        "guardian": _("Guardian"),
        "spouse": _("Spouse or partner"),
        "sibling": _("Brother or sister"),
        "payer": _("Payer"),
    }


def severities() -> dict[str, str]:
    """How bad a reaction was."""
    return {"mild": _("Mild"), "moderate": _("Moderate"), "severe": _("Severe"), "unknown": _("Unknown")}


def alert_kinds() -> dict[str, str]:
    """What an alert is about."""
    return {
        "clinical": _("Clinical"),
        "debt": _("Debt"),
        "safeguarding": _("Safeguarding"),
        "vip": _("VIP"),
        "do_not_contact": _("Do not contact"),
    }


def staff_roles() -> dict[str, str]:
    """Who an alert can be narrowed to."""
    return {
        "owner": _("Owner"),
        "manager": _("Store manager"),
        "clinician": _("Clinician"),
        "assistant": _("Assistant"),
        "reception": _("Reception"),
    }


def statuses() -> dict[str, str]:
    """Whether somebody is looked after here."""
    return {
        Status.ACTIVE: _("Looked after here"),
        Status.MOVED: _("Moved away"),
        Status.DECEASED: _("Deceased"),
        Status.MERGED: _("Merged into another record"),
    }


def purposes() -> dict[str, str]:
    """What consents and messages are for."""
    return {
        Purpose.CARE: _("Care"),
        Purpose.REMINDERS: _("Reminders"),
        Purpose.RECALLS: _("Recalls"),
        Purpose.RESULTS: _("Results"),
        Purpose.MARKETING: _("Offers and events"),
        Purpose.SHARING: _("Sharing with others"),
        Purpose.RESEARCH: _("Research and teaching"),
    }


def channels() -> dict[str, str]:
    """Ways to reach somebody."""
    return {
        Channel.SMS: _("Text message"),
        Channel.PHONE: _("Call"),
        Channel.EMAIL: _("E-mail"),
        Channel.WECHAT: _("WeChat"),
        Channel.POST: _("Letter"),
    }


def answers() -> dict[str, str]:
    """Answers to a consent."""
    return {
        "given": _("Agreed"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
        "not_asked": _("Not asked"),
    }


def methods() -> dict[str, str]:
    """How an answer was taken."""
    return {
        "spoken": _("Spoken"),
        "paper": _("On paper"),
        "screen": _("On a screen"),
        "message": _("By message"),
    }


def times() -> dict[str, str]:
    """When it suits."""
    return {
        "any": _("Any time"),
        "morning": _("Morning"),
        "afternoon": _("Afternoon"),
        "evening": _("Evening"),
    }


def reasons() -> dict[str, str]:
    """Why two records look like one person."""
    return {
        "id_number": _("same document number"),
        "same_name": _("same name"),
        "like_name": _("name sounds alike"),
        "birth_date": _("same birth date"),
        "birth_year": _("same birth year"),
        "birth_slip": _("birth date differs by a slip"),
        "telephone": _("same telephone"),
        "email": _("same e-mail"),
        "other_birth": _("other birth date"),
        "other_sex": _("other sex"),
    }


def fields() -> dict[str, str]:
    """Fields of a person and of what belongs to one."""
    return {
        "family_name": _("Family name"),
        "given_name": _("Given name"),
        "middle_name": _("Middle or other names"),
        "native_name": _("Name in its own script"),
        "preferred_name": _("Likes to be called"),
        "birth_date": _("Birth date"),
        "birth_year": _("Birth year, if the day is not known"),
        "sex": _("Sex"),
        "gender": _("Gender, in their words"),
        "id_kind": _("Document"),
        "id_number": _("Document number"),
        "occupation": _("Occupation"),
        "language": _("Preferred language"),
        "interpreter": _("Needs an interpreter"),
        "phone": _("Telephone"),
        "record_number": _("Record number"),
        "roles": _("Roles"),
        "customer_class": _("Customer class"),
        "class_id": _("Customer class"),
        "home_store_id": _("Home store"),
        "status": _("Status"),
        "moved_to": _("Moved to"),
        "deceased_on": _("Died on"),
        "allergy_state": _("Allergies"),
        "merged_into": _("Merged into"),
        "kind": _("Kind"),
        "value": _("Number or address"),
        "substance": _("Substance"),
        "reaction": _("Reaction"),
        "severity": _("Severity"),
        "text": _("What must be known"),
        "seen_by": _("Only shown to"),
        "name": _("Tag"),
        "may_consent": _("May consent for them"),
        "may_collect": _("May collect for them"),
        "emergency": _("Call in an emergency"),
        "reason": _("Reason"),
        "household_id": _("Household"),
        "from_id": _("Person"),
        "to_id": _("Person"),
        "label_id": _("Tag"),
        "made": _("Added"),
        "ended_at": _("Ended"),
        "left_at": _("Moved out"),
        "verified_at": _("Verified"),
        "preferred": _("Preferred"),
        "label": _("Whose"),
    }


def kinds() -> dict[str, str]:
    """Rows the history speaks of."""
    return {
        "person": _("Person"),
        "contact": _("Contact point"),
        "household": _("Household"),
        "membership": _("Household"),
        "tie": _("Link"),
        "allergy": _("Allergy"),
        "alert": _("Alert"),
        "tag": _("Tag"),
        "merge": _("Merge"),
    }


def value(field: str, kept: Any) -> Any:
    """A kept value in words, a day or a moment; None stays None. Numbers of documents are not shown here."""
    if kept is None or kept == "" or kept == []:
        return None
    if field == "id_number":
        return masked(str(kept))
    if isinstance(kept, str) and (field in MOMENTS or field in DAYS):
        return datetime.fromisoformat(kept) if field in MOMENTS else date.fromisoformat(kept)
    if isinstance(kept, bool):
        return _("Yes") if kept else _("No")
    if isinstance(kept, list):
        return ", ".join(str(coded(field).get(one, one)) for one in kept)
    return coded(field).get(kept, kept) if isinstance(kept, str) else kept


def coded(field: str) -> dict[str, str]:
    """The words of a field that holds codes; empty for one that does not."""
    words = {
        "sex": sexes,
        "roles": roles,
        "id_kind": id_kinds,
        "status": statuses,
        "kind": lambda: {**contact_kinds(), **ties(outward=False), **alert_kinds()},
        "language": lambda: LANGUAGES,
        "severity": severities,
        "allergy_state": lambda: {
            "not_asked": _("Not asked"),
            "none_known": _("None known"),
            "listed": _("On the list"),
        },
        "seen_by": staff_roles,
    }
    return words[field]() if field in words else {}


def masked(number: str) -> str:
    """A document's number with all but its last two signs hidden."""
    return "•" * max(len(number) - 2, 0) + number[-2:] if len(number) > 4 else "•" * len(number)
