"""Words of the imaging room."""

from enum import StrEnum

# The rule by which pictures are derived from an original. A higher one makes them all anew: at once where somebody
# looks, the others when the worker has nothing else to do; those there are stay meanwhile.
RULE = 2  # since 2: all shades of pictures deeper than a byte, positions of slices
DUE = "imaging_due"  # PostgreSQL's channel on which the worker hears that something is due

PICTURES = ("image", "document")  # kinds of reading that name a blob
MOST_MARKS = 200  # marks beside one picture; more would hide it
MOST_WORDS = 200


class State(StrEnum):
    """How far an original's pictures are."""

    DUE = "due"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Kind(StrEnum):
    """What a derived picture is: a small one for lists, a slice or page in full, the look from above, the header.

    HELD are the shades of a frame as they are stored, 16 bits each and packed by zlib, where a byte does not hold them.
    """

    THUMBNAIL = "thumbnail"
    FRAME = "frame"
    HELD = "held"
    ENFACE = "enface"
    HEADERS = "headers"


class Sort(StrEnum):
    """What kind of file takes room."""

    DICOM = "dicom"
    PHOTOGRAPH = "photograph"
    FILM = "film"
    DOCUMENT = "document"
    TABLE = "table"
    OTHER = "other"


class Why(StrEnum):
    """Why nothing could be derived."""

    UNREADABLE = "unreadable"
    NO_PIXELS = "no_pixels"
    NO_READER = "no_reader"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"


class Shape(StrEnum):
    """What is drawn beside a picture, with how many points."""

    CALIPER = "caliper"
    LINE = "line"
    ANGLE = "angle"
    ELLIPSE = "ellipse"
    ARROW = "arrow"
    TEXT = "text"


POINTS = {Shape.CALIPER: 2, Shape.LINE: 2, Shape.ANGLE: 3, Shape.ELLIPSE: 2, Shape.ARROW: 2, Shape.TEXT: 1}
