"""Fields and kept values of a person in the user's words."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from cloud.people.wording import codes

DAYS = ("birth_date", "deceased_on")
MOMENTS = ("ended_at", "left_at", "verified_at")


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
        "sex": codes.sexes,
        "roles": codes.roles,
        "id_kind": codes.id_kinds,
        "status": codes.statuses,
        "kind": lambda: {**codes.contact_kinds(), **codes.ties(outward=False), **codes.alert_kinds()},
        "language": lambda: codes.LANGUAGES,
        "severity": codes.severities,
        "allergy_state": lambda: {
            "not_asked": _("Not asked"),
            "none_known": _("None known"),
            "listed": _("On the list"),
        },
        "seen_by": codes.staff_roles,
    }
    return words[field]() if field in words else {}


def masked(number: str) -> str:
    """A document's number with all but its last two signs hidden."""
    return "•" * max(len(number) - 2, 0) + number[-2:] if len(number) > 4 else "•" * len(number)
