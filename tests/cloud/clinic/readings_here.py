"""Readings as an instrument would send them, shown as the readings room shows them, without a database."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from cloud.clinic.history import History
from cloud.clinic.proposals.gathering import Chair, gathered
from cloud.clinic.proposals.whose import Person
from cloud.readings.queries import Shown
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Integrity,
    PatientRef,
    SubjectiveEye,
    SubjectiveRefraction,
    Tonometry,
    TonometryEye,
)
from tests.cloud.clinic.sheets_here import TODAY, born, sheet

_ids = count(1)
GRACE = Person("Okafor Grace", ("Grace", "Okafor"), frozenset({"R-1"}), born(30))


def made(kind, model="AR-3", maker="Northlight", raw="0", checksum="ok", **said):
    """A reading of this kind."""
    about = Instrument(maker=maker, model=model, dialect="sample")
    return kind(instrument=about, integrity=Integrity(checksum=checksum, raw_sha256=raw * 64), **said)


def power(text, shape=AutorefractionEye, **more):
    """``-1.75/-0.50x5`` as an instrument's eye; figures keep their own step."""
    sphere, _slash, rest = text.partition("/")
    cylinder, _cross, axis = rest.partition("x")
    parts = {"cylinder": Decimal(cylinder), "axis": int(axis)} if rest else {}
    return shape(sphere=Decimal(sphere), **parts, **more)


def refraction(right=None, left=None, **said):
    """An autorefraction."""
    eyes = {name: power(text) for name, text in (("right", right), ("left", left)) if text}
    return made(Autorefraction, **eyes, **said)


def behind(stage, right=None, left=None, **said):
    """One stage of a phoropter."""
    eyes = {name: power(text, SubjectiveEye) for name, text in (("right", right), ("left", left)) if text}
    return made(SubjectiveRefraction, model="RT-9", stage=stage, **eyes, **said)


def pressure(right=None, left=None, model="NT-530", maker="NIDEK", readings=(), **said):
    """A tonometry."""
    eyes = {name: TonometryEye(iop_mmhg=Decimal(iop)) for name, iop in (("right", right), ("left", left)) if iop}
    return made(Tonometry, model=model, maker=maker, **eyes, **said)


def shown(reading, minutes=1, dev="ar-1", state="proposed", doubts=(), lane="Lane 1"):
    """As filed to Grace, ``minutes`` after the visit began."""
    number = next(_ids)
    return Shown(
        id=UUID(int=number),
        reading=reading,
        captured_at=TODAY + timedelta(minutes=minutes),
        stamped_at=TODAY + timedelta(minutes=minutes),
        corrected=None,
        arrived_at=TODAY + timedelta(minutes=minutes),
        seq=number,
        dev=dev,
        lane=lane,
        store_id=1,
        patient_id=1,
        filing_id=number,
        how="chair",
        state=state,
        decided_by=None,
        decided_at=None,
        why=None,
        doubts=tuple(doubts),
    )


def told(name=None, number=None, birth=None):
    """What an instrument was told about the patient."""
    return PatientRef(id=number, name=name, birth_date=birth)


def chair(*pasts, person=GRACE, neighbours=None):
    """Grace's visit."""
    return Chair(History(pasts), person, TODAY, lambda _shown: lambda: neighbours or {})


def proposed(*readings, written=None, about=None, pasts=(), **known):
    """Proposals of readings, a minute apart where nothing else is said."""
    every = [one if isinstance(one, Shown) else shown(one, minutes=n) for n, one in enumerate(readings, 1)]
    return gathered(every, sheet(written, about), chair(*pasts, **known))
