"""The demo's stations, and a few people who are here already, so that there is somebody to call."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.queue import queries, services, setting_up

ROOMS = ({"en": "Room 1", "zh": "1号诊室"}, {"en": "Room 2", "zh": "2号诊室"}, {"en": "Room 3", "zh": "3号诊室"})
# Who came so many minutes ago, where they wait now, and as what.
HERE = (
    ("H-1003", 34, "doctor", "general"),
    ("H-1005", 27, "doctor", "follow_up"),
    ("H-1007", 18, "doctor", "general"),
    ("H-1008", 11, "check_up", "general"),
    ("H-1006", 4, "reception", "collection"),
)


def open_doors(session: Session, stores: Sequence[int], *, by: int) -> None:
    """Stations in every store, three rooms at the doctor's in the first; kiosks offer what needs no appointment."""
    for store in stores:
        made = {one.sort: one for one in services.furnish(session, store)}
        for kind in queries.kinds(session, store):
            kind.kiosk = kind.code in ("general", "fitting", "collection")
        if store == stores[0]:
            for number, names in enumerate(ROOMS, 1):
                setting_up.add_desk(session, made["doctor"], names, number, by=by)
    session.flush()


def people(session: Session, store: int, patients: Mapping[str, int], *, by: int) -> None:
    """Some of the practice's patients wait."""
    stations = {one.sort: one.id for one in queries.stations(session, store)}
    day = queries.today(session, store)
    for record, minutes, sort, code in HERE:
        kind = queries.kind(session, store, code)
        since = now() - timedelta(minutes=minutes)
        stay, step, _token = services.arrive(session, kind, patient_id=patients[record], by=by, at=since, day=day)
        if step.station_id != stations[sort]:
            services.transfer(session, queries.InLine(step, stay), stations[sort], by=by)
