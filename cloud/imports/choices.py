"""Words of the imports room."""

from enum import StrEnum


class State(StrEnum):
    """How far an import is."""

    READING = "reading"
    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    STOPPED = "stopped"
    UNDOING = "undoing"
    UNDONE = "undone"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"


# What the worker goes on with; everything else waits for a person or is over.
WORKED_ON = (State.READING, State.CHECKING, State.WRITING, State.UNDOING)
# Nothing has been written about a patient yet.
BEFORE_WRITING = (State.READING, State.MAPPING, State.CHECKING, State.CHECKED)
UNDOABLE = (State.DONE, State.STOPPED)


class Verdict(StrEnum):
    """What a dry run found about a row."""

    NEW = "new"
    SAME = "same"
    LIKELY = "likely"
    BAD = "bad"


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    UPDATED = "updated"
    SKIPPED = "skipped"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"


class Existing(StrEnum):
    """What to do with a row whose record number somebody has already."""

    SKIP = "skip"
    UPDATE = "update"


class Likely(StrEnum):
    """What to do with a row that looks like somebody who is there already."""

    LEAVE = "leave"
    TAKE = "take"


class Order(StrEnum):
    """In which order a column writes day, month and year."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


class Field(StrEnum):
    """What a column can hold; telephones may stand in several columns."""

    RECORD_NUMBER = "record_number"
    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    NATIVE_NAME = "native_name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    ADDRESS = "address"
    LANGUAGE = "language"
    HOME_STORE = "home_store"
    TAGS = "tags"
    OCCUPATION = "occupation"
    ID_NUMBER = "id_number"


REPEATED = (Field.MOBILE, Field.PHONE, Field.EMAIL, Field.TAGS)
