"""What a clinical rule is: a function that names itself, its version and its source with every value it gives.

The words about a rule (title, inputs, outputs, source, worked examples) are data in ``catalogue/<module>.toml``; the
quantities it takes and gives are in ``catalogue/terms.toml``. The function carries only the arithmetic. Nothing here
changes a measurement: a rule takes values and returns a new one.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, ParamSpec, TypeVar

from cloud.optics import catalogue, terms
from cloud.optics.catalogue import Entry
from cloud.optics.exact import working
from cloud.optics.reference import Edition, table
from cloud.optics.words import Words

T = TypeVar("T")
P = ParamSpec("P")
EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule has to say about its result: a code of its catalogue entry, and the numbers for its words."""

    code: str
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a rule's function gives back: the value, and what to mind about it."""

    value: T
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning with its code and its words."""

    code: str
    words: Words
    numbers: Mapping[str, str]

    def spoken(self, language: str) -> str:
        """The warning in a language."""
        return self.words.spoken(language, **self.numbers)


@dataclass(frozen=True, slots=True)
class Derived(Generic[T]):
    """A derived value: never stored over a measurement, always shown with its rule."""

    value: T
    rule: str
    version: str
    inputs: Mapping[str, Any]
    warnings: tuple[Caution, ...] = ()
    edition: Edition | None = None


class Calculator(Generic[P, T]):
    """A rule at work: call it like its function."""

    def __init__(self, function: Callable[P, Found[T]], entry: Entry, version: str) -> None:
        self.id, self.version, self.entry = entry.id, version, entry
        self.function = function
        self.__doc__ = function.__doc__
        self._signature = inspect.signature(function)
        self.defaults = {name: p.default for name, p in self._signature.parameters.items() if p.default is not p.empty}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Derived[T]:
        """Apply the rule. Raises terms.OutOfLimits, refraction.BadRefraction, reference.NoSuchEdition."""
        given = self._signature.bind(*args, **kwargs)
        given.apply_defaults()
        taken = {name: value for name, value in given.arguments.items() if name != EDITION}
        with working():
            for name, value in taken.items():
                given.arguments[name] = taken[name] = terms.checked(self.entry.term(name), value, self._optional(name))
            found = self.function(*given.args, **given.kwargs)
        return Derived(found.value, self.id, self.version, taken, self._said(found), self._edition(given.arguments))

    @property
    def takes(self) -> tuple[str, ...]:
        """Names of the inputs in order; the edition of a table is none of them."""
        return tuple(name for name in self._signature.parameters if name != EDITION)

    def needs(self, name: str) -> bool:
        """Whether there is no result without this input."""
        return name not in self.defaults

    def _optional(self, name: str) -> bool:
        return name in self.defaults and self.defaults[name] is None

    def _said(self, found: Found[T]) -> tuple[Caution, ...]:
        return tuple(Caution(note.code, self.entry.cautions[note.code], note.numbers) for note in found.notes)

    def _edition(self, given: Mapping[str, Any]) -> Edition | None:
        return table(self.entry.table).edition(given[EDITION]) if self.entry.table else None


CALCULATORS: dict[str, Calculator[..., Any]] = {}


def rule(rule_id: str, version: str) -> Callable[[Callable[P, Found[T]]], Calculator[P, T]]:
    """Register a function under its id; a new version whenever the same input gives another output."""

    def register(function: Callable[P, Found[T]]) -> Calculator[P, T]:
        made = Calculator(function, catalogue.entries()[rule_id], version)
        CALCULATORS[rule_id] = made
        return made

    return register


def note(code: str, **numbers: str) -> Note:
    """A note with the numbers its words speak of, already written as they shall be read."""
    return Note(code, numbers)


def notes(*wanted: tuple[bool, Note]) -> tuple[Note, ...]:
    """Those whose condition holds."""
    return tuple(said for holds, said in wanted if holds)


Data = Mapping[str, Any]


def data(name: str, edition: str | None) -> Data:
    """The numbers of a reference table's edition. Raises reference.NoSuchEdition."""
    return table(name).edition(edition).data


def in_range(value: Decimal, least: Decimal | None, most: Decimal | None) -> bool:
    """Whether the value lies within both ends, ends included; None is no end."""
    return (least is None or value >= least) and (most is None or value <= most)
