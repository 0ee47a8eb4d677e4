"""Whether a reading is this patient's: what the instrument was told of the person, and whose eyes these look like."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from cloud.clinic import powers, tables
from cloud.clinic.history import History
from cloud.clinic.powers import Pair
from cloud.clinic.proposals.shape import Doubt, doubt
from cloud.optics.exact import rounded
from cloud.people import likeness, names
from protocols.readings import PatientRef


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the patient in the chair; ``numbers`` are all record numbers that mean them."""

    name: str
    names: tuple[str, ...]
    numbers: frozenset[str]
    born: date | None


class Record(Protocol):
    """A person's record, as far as its names go."""

    family_name: str
    given_name: str
    native_name: str | None
    preferred_name: str | None


def called(record: Record) -> str:
    """Family name first, run together in Chinese."""
    between = "" if names.HAN.search(record.family_name) else " "
    return between.join(part for part in (record.family_name, record.given_name) if part)


def names_of(record: Record) -> Iterator[str]:
    """Everything the person is called."""
    every = (record.family_name, record.given_name, record.native_name, record.preferred_name)
    return (name for name in every if name)


Neighbours = Callable[[], Mapping[str, Sequence[Pair]]]


def told(ref: PatientRef | None, person: Person) -> Iterator[Doubt]:
    """Where the instrument was told of another person."""
    if ref is None:
        return
    if ref.id and ref.id not in person.numbers:
        yield doubt("other_number", found=ref.id, expected=", ".join(sorted(person.numbers)))
    if ref.name and person.names and not same_name(ref.name, person.names):
        yield doubt("other_name", found=ref.name, expected=person.name)
    born = _day(ref.birth_date)
    if born and person.born and born != person.born:
        yield doubt("other_birth", found=born.isoformat(), expected=person.born.isoformat())


def same_name(found: str, known: Sequence[str]) -> bool:
    """Whether any part of a name, in any script or by its sound, is one of theirs."""
    return bool(_parts(found) & {part for name in known for part in _parts(name)})


def _parts(name: str) -> set[str]:
    words = [word for word in re.split(r"[\s^,=]+", name) if word]
    keys = {part for word in (*words, name) for part in likeness.name_key(word, "").split()}
    return keys | {likeness.sound(key) for key in keys}


def _day(written: str | None) -> date | None:
    plain = re.sub(r"\D", "", written or "")
    try:
        return date.fromisoformat(plain) if len(plain) == 8 else None
    except ValueError:
        return None


def looks_like(found: Pair | None, known: History, neighbours: Neighbours) -> Iterator[Doubt]:
    """Far from every refraction of this patient, and near to one of somebody who sat in this lane today."""
    row, mine = tables.rows("warnings")["other_patient"], list(refractions_of(known))
    distance = nearest(found, mine) if found else None
    if found is None or distance is None or distance < row["far"]:
        return
    for name, theirs in neighbours().items():
        close = nearest(found, theirs)
        if close is not None and close <= row["near"]:
            yield doubt("other_patient", far=rounded(distance, 2), near=rounded(close, 2), other=name)


def refractions_of(known: History) -> Iterator[Pair]:
    """Every signed refraction of the eyes themselves."""
    for past in known.visits:
        for element in powers.OF_THE_EYE:
            yield from (powers.pair(past.sheet, element, n) for n in past.sheet.instances(element))


def nearest(found: Pair, known: Sequence[Pair]) -> Decimal | None:
    """Distance to the closest of several, dioptres over both eyes; None where none can be compared."""
    return min((gap for one in known if (gap := powers.gap(found, one)) is not None), default=None)
