"""Words of the prescriptions room."""

from enum import StrEnum


class Kind(StrEnum):
    """What is prescribed."""

    SPECTACLE = "spectacle"
    CONTACT = "contact"
    DRUG = "drug"


class State(StrEnum):
    """How a prescription stands; all but the first and the last are deeds with a row of their own."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"
    EXPIRED = "expired"


class Severity(StrEnum):
    """What a finding asks for before signing."""

    REFUSE = "refuse"
    REASON = "reason"
    REMARK = "remark"


class ReleaseForm(StrEnum):
    """How it is proven that the patient got the copy."""

    SIGNED_STATEMENT = "signed_statement"
    SIGNED_COPY = "signed_copy"
    SIGNED_RECEIPT = "signed_receipt"
    DIGITAL_DELIVERY = "digital_delivery"


class Handed(StrEnum):
    """How the copy left the practice."""

    PRINTED = "printed"
    EMAILED = "emailed"
    HANDED = "handed"


class Base(StrEnum):
    """Where the base of a prism points."""

    IN = "in"
    OUT = "out"
    UP = "up"
    DOWN = "down"


class Origin(StrEnum):
    """Written here, or copied from another practice's paper."""

    OWN = "own"
    OUTSIDE = "outside"


EYES = ("right", "left")
HORIZONTAL, VERTICAL = (Base.IN, Base.OUT), (Base.UP, Base.DOWN)
