"""Codes of the people room in the user's words."""

from flask_babel import gettext as _

from cloud.people.choices import Channel, Purpose, Sex, Status

LANGUAGES = {"en": "English", "zh": "中文"}
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
