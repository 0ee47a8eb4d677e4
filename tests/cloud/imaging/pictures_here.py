"""Small pictures that have arrived, filed or not, with or without what is derived of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, select

from cloud.imaging import tasks
from cloud.imaging.choices import State
from cloud.imaging.models import Original
from cloud.kernel.database import unit_of_work
from deploy.demo.pictured import DICOM, JPEG, PDF, Taken, filed
from firmware_sim.eye_pictures import cameras, files, retina
from tests.cloud.people_here import Place, Someone

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
_rows = count(1000)


def volume(eye: str = "right", *, slices: int = 8, days: int = 0, thickened: float = 0.0, span: float = 6.0) -> Taken:
    """A volume of 96 x 128 pixels a slice, ``span`` mm from the first slice to the last."""
    at = AT + timedelta(days=days)
    macula = retina.Macula(slices, 96, 128, seed=slices + days, thickened=thickened, span=span)
    said = {"modality": "OPT", "laterality": eye, "frames": slices}
    return Taken(at, files.volume(macula, eye, at), DICOM, "Tomograph 3", said)


def deep(*, days: int = 0) -> Taken:
    """A photograph of 12 bits: a ramp from 0 to 4095 from left to right, the same in every row."""
    at = AT + timedelta(days=days, minutes=4)
    said = {"modality": "OP", "laterality": "right"}
    return Taken(at, files.deep(ramp(), "right", at), DICOM, "Autofluorescence 2", said)


def ramp() -> npt.NDArray[np.uint16]:
    """What that photograph holds."""
    return np.tile(np.linspace(0, 4095, 128, dtype=np.uint16), (96, 1))


def photograph(eye: str = "left", *, days: int = 0) -> Taken:
    """A slit lamp's JPEG."""
    at = AT + timedelta(days=days, minutes=3)
    return Taken(at, _slit_lamp(days), JPEG, "Slit Lamp 5", {"modality": "SLIT", "laterality": eye})


@cache
def _slit_lamp(seed: int) -> bytes:
    """Drawn once: every world of the tests of views wants one."""
    return files.jpeg(cameras.slit_lamp(seed=seed)[::4, ::4])


def paper() -> Taken:
    """A report."""
    return Taken(
        AT + timedelta(minutes=5), files.paper(cameras.slit_lamp()[::8, ::8]), PDF, "Tomograph 3", {"title": "Report"}
    )


def bring(engine: Engine, place: Place, by: Someone, patient: int | None, taken: Iterable[Taken]) -> list[UUID]:
    """Arrived and filed, nothing derived yet."""
    with unit_of_work(engine, by.tenant_id) as session:
        return [next(filed(session, place.sender, patient, [one], by=by.id, first=next(_rows))) for one in taken]


def waiting(engine: Engine, tenant_id: int) -> list[int]:
    """Originals of this chain that the worker has not ended. Other tests' chains wait in the same list."""
    with unit_of_work(engine, tenant_id) as session:
        unended = Original.state.in_((State.DUE, State.WORKING))
        return list(session.scalars(select(Original.id).where(unended).order_by(Original.id)))


def derive(engine: Engine, tenant_id: int) -> int:
    """Let the worker do all that is due of this chain; how many it did."""
    return sum(tasks.derive(engine, tenant_id, one) for one in waiting(engine, tenant_id))
