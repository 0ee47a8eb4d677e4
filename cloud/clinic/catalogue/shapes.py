"""The shapes of the catalogue's TOML files; a file that does not fit is refused when the process starts."""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal

import msgspec


class Kind(StrEnum):
    """What a field holds; ``cloud.clinic.values`` reads each."""

    POWER = "power"  # signed dioptres; "pl" and "DS" are zero that was confirmed
    AXIS = "axis"  # 1 to 180; 0 is written 180
    NUMBER = "number"  # with unit, step and limits
    PRISM = "prism"  # "2 BI", "2 BI 1 BU", "3 @ 37"
    VA = "va"  # any notation, kept as entered
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"  # yes, no, unknown; blank is not asked
    TEXT = "text"
    NOTE = "note"
    DATE = "date"
    TIME = "time"
    CODE = "code"  # of a code system, "icd10:H52.1"
    DRAWING = "drawing"


class Words(msgspec.Struct, frozen=True):
    """The same said in each language of the pages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """In this language, else in English."""
        return self.zh if language == "zh" else self.en


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice; ``snomed`` only where a published source gave it.

    ``alone`` marks "normal" and "none" of a several-choice field: nothing can be chosen beside it. ``hint`` tells what
    a grade looks like, or what an advice block says to the patient.
    """

    code: str
    en: str
    zh: str
    snomed: str = ""
    alone: bool = False
    hint: Words | None = None

    @property
    def words(self) -> Words:
        """What the choice is called."""
        return Words(self.en, self.zh)


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of an element. ``eyes`` names the sides it is recorded for: R, L, B (both together), N (no eye)."""

    code: str
    title: Words
    kind: Kind
    eyes: str = "RL"
    unit: str = ""
    step: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    ask_below: Decimal | None = None  # believable, but worth a second look
    ask_above: Decimal | None = None
    options: tuple[Option, ...] = ()
    scale: str = ""  # grading scale or norm the options or the figure belong to, with its source
    normal: str = ""  # what "all normal" writes
    required: bool = False
    copyable: bool = True
    hint: Words | None = None
    snomed: str = ""
    loinc: str = ""
    loinc_right: str = ""  # where LOINC has a code of its own for each eye
    loinc_left: str = ""
    canvas: str = ""  # of a drawing
    system: str = ""  # of a code, for instance "icd10"

    def option(self, code: str) -> Option | None:
        """The choice with this code."""
        return next((one for one in self.options if one.code == code), None)

    def loinc_of(self, side: str) -> str:
        """The LOINC code of the value of this side, the eye's own before the general one; empty where none is known."""
        return {"R": self.loinc_right, "L": self.loinc_left}.get(side) or self.loinc


class Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of examination step. ``layout`` is how a page lays it out: eyes as rows, eyes as columns, or no eyes."""

    code: str
    version: int
    title: Words
    group: str
    fields: tuple[Field, ...]
    layout: Literal["eye_rows", "eye_columns", "plain"] = "eye_columns"
    repeats: int = 1
    copyable: bool = False
    hint: Words | None = None

    def field(self, code: str) -> Field | None:
        """The field with this code."""
        return next((one for one in self.fields if one.code == code), None)

    @property
    def has_normals(self) -> bool:
        """Whether "all normal" has something to write."""
        return any(one.normal for one in self.fields)


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An element in a template; a mandatory one must say something before the examination is signed."""

    element: str
    mandatory: bool = False


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a visit of this type is made of, in the order it is examined; ages in completed years, both included."""

    code: str
    version: int
    title: Words
    elements: tuple[Place, ...]
    from_age: int = 0
    to_age: int = 150
    order: int = 100  # its place among the templates that are offered
    episode: str = "general"
    hint: Words | None = None


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading of the examination page."""

    code: str
    title: Words


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit as the pages write it, and as UCUM does."""

    code: str
    ucum: str
    title: Words


class Diagnosis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a code list; ``laterality`` says whether it is of an eye."""

    code: str
    title: Words
    laterality: bool = True
    snomed: str = ""
    words: tuple[str, ...] = ()  # what people type when they look for it


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A code list, for instance ICD-10, in one edition."""

    system: str
    edition: str
    source: str
    rows: tuple[Diagnosis, ...]

    @cached_property
    def by_code(self) -> dict[str, Diagnosis]:
        """Rows by code."""
        return {row.code: row for row in self.rows}
