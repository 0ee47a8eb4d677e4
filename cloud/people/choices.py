"""Words of the people room."""

from enum import StrEnum


class Sex(StrEnum):
    """Sex as the record has it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class PersonRole(StrEnum):
    """What somebody is to the chain; several at once."""

    PATIENT = "patient"
    CUSTOMER = "customer"
    GUARDIAN = "guardian"
    PAYER = "payer"
    STUDENT = "student"


class Status(StrEnum):
    """Whether somebody is still looked after here."""

    ACTIVE = "active"
    MOVED = "moved"
    DECEASED = "deceased"
    MERGED = "merged"


class IdKind(StrEnum):
    """What a national number stands on."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    HEALTH_NUMBER = "health_number"
    OTHER = "other"


class ContactKind(StrEnum):
    """What a contact point is."""

    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    ADDRESS = "address"


class TieKind(StrEnum):
    """What one person is to another; a child is the other end of a parent."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    PAYER = "payer"


class AllergyState(StrEnum):
    """What is known of allergies altogether; silence is not the same as none."""

    NOT_ASKED = "not_asked"
    NONE_KNOWN = "none_known"
    LISTED = "listed"


class AllergyStatus(StrEnum):
    """Where one allergy stands."""

    ACTIVE = "active"
    RESOLVED = "resolved"
    ENTERED_IN_ERROR = "entered_in_error"


class Severity(StrEnum):
    """How bad a reaction was."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    UNKNOWN = "unknown"


class AlertKind(StrEnum):
    """What an alert is about; decides who sees it."""

    CLINICAL = "clinical"
    DEBT = "debt"
    SAFEGUARDING = "safeguarding"
    VIP = "vip"
    DO_NOT_CONTACT = "do_not_contact"


class LabelKind(StrEnum):
    """A tag anyone may carry, or the one class of a customer."""

    TAG = "tag"
    CLASS = "class"


class Purpose(StrEnum):
    """What a consent or a message is for."""

    CARE = "care"
    REMINDERS = "reminders"
    RECALLS = "recalls"
    RESULTS = "results"
    MARKETING = "marketing"
    SHARING = "sharing"
    RESEARCH = "research"


class Channel(StrEnum):
    """A way to reach somebody."""

    SMS = "sms"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    POST = "post"


class ConsentState(StrEnum):
    """An answer; nobody asked is the absence of one."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"


class Method(StrEnum):
    """How an answer was taken."""

    SPOKEN = "spoken"
    PAPER = "paper"
    SCREEN = "screen"
    MESSAGE = "message"


class TimeOfDay(StrEnum):
    """When a message or a call suits."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


# Purposes that are messages are asked for channel by channel; the others once.
MESSAGES = (Purpose.REMINDERS, Purpose.RECALLS, Purpose.RESULTS, Purpose.MARKETING)
USES = (Purpose.CARE, Purpose.SHARING, Purpose.RESEARCH)
