"""The seam to the record: where a refraction that a prescription starts from is read.

The rooms are joined in ``cloud.app``: whoever has the record puts its reader here with ``read_from``. Until then
nothing is prefilled, and the prescription still remembers which element it was written from.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cloud.prescriptions.values import Refraction

Reader = Callable[[Session, int, str], Refraction | None]


def _nothing(_session: Session, _encounter_id: int, _element: str) -> Refraction | None:
    return None


_reader: list[Reader] = [_nothing]


def read_from(reader: Reader) -> None:
    """From now on refractions come from this reader: session, encounter id and element code in."""
    _reader[0] = reader


def refraction_of(session: Session, encounter_id: int, element: str) -> Refraction | None:
    """The refraction of an element of an encounter, or None where there is none."""
    return _reader[0](session, encounter_id, element)
