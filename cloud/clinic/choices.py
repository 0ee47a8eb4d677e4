"""Words of the clinic room."""

from enum import StrEnum


class Side(StrEnum):
    """Of which eye: the patient's right and left, measured with both together, or of no eye."""

    RIGHT = "R"
    LEFT = "L"
    BOTH = "B"
    NONE = "N"


class Origin(StrEnum):
    """Where a value came from."""

    MANUAL = "manual"
    DEVICE = "device"
    PATIENT = "patient"
    IMPORT = "import"
    DERIVED = "derived"
    COPIED = "copied"


class Quality(StrEnum):
    """How far a value may be trusted, or why there is none."""

    OK = "ok"
    SUSPECT = "suspect"
    UNRELIABLE = "unreliable"
    UNABLE = "unable"
    REFUSED = "refused"
    NOT_ATTEMPTED = "not_attempted"


NO_VALUE = frozenset({Quality.UNABLE, Quality.REFUSED, Quality.NOT_ATTEMPTED})


class Act(StrEnum):
    """What made a version of a record."""

    SIGNED = "signed"
    AMENDED = "amended"
    RETRACTED = "retracted"


class Amending(StrEnum):
    """Why a signed record was amended."""

    TYPING = "typing"
    WRONG_EYE = "wrong_eye"
    LATE_RESULT = "late_result"
    ADDED = "added"
    CLINICAL = "clinical"
    OTHER = "other"


class Level(StrEnum):
    """How much a finding weighs: refuses the signature, wants a reason, or is a remark."""

    REFUSE = "refuse"
    REASON = "reason"
    REMARK = "remark"


class EpisodeKind(StrEnum):
    """Why somebody is in care."""

    GENERAL = "general"
    MYOPIA = "myopia"
    CONTACT_LENS = "contact_lens"
    GLAUCOMA = "glaucoma"
    DIABETES = "diabetes"
    DRY_EYE = "dry_eye"
    URGENT = "urgent"
    BINOCULAR = "binocular"
    POST_OP = "post_op"


class Mode(StrEnum):
    """How the visit takes place."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HOME = "home"
    SCHOOL = "school"


class RecallState(StrEnum):
    """How a recall stands; the newest event of a recall holds."""

    OPEN = "open"
    BOOKED = "booked"
    ATTENDED = "attended"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


RECALL_ENDED = frozenset({RecallState.ATTENDED, RecallState.LAPSED, RecallState.CANCELLED})
