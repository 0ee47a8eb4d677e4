"""What tests of the schedule's pages share."""

from sqlalchemy import select

from cloud.booking import services
from cloud.kernel.database import unit_of_work

EVIL = "<script>alert(1)</script>"


def all_of(engine, practice, kind):
    with unit_of_work(engine, practice.world.one) as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def book(engine, practice, patient, hour, minute=0):
    with unit_of_work(engine, practice.world.one) as session:
        whose = practice.patients[patient]
        return services.book(session, practice.ask(), practice.at(hour, minute), whose, channel="desk").id


def somebody(**more):
    return {"kind": "person", "name": "Dr Cy", "skills": ["doctor"], "between": "5", "weight": "2", **more}


KIND = {
    **{"name_en": "Field test", "name_zh": "视野", "shown": "30", "grid": "clock", "every": "15", "horizon": "60"},
    **{"lead_hours": "1.5", "cut_off_hours": "24", "colour": "green", "active": "yes", "deposit": "12.5"},
    **{"currency": "EUR", "age_from": "18", "examinations": ["visual_field"], "preparation_en": "Come rested."},
    **{"seg0_minutes": "20", "seg0_need_technician": "1", "seg0_en": "Test", "seg0_other": "perimeter"},
    **{"seg1_minutes": "10", "seg1_gap_least": "5", "seg1_gap_most": "15", "seg1_need_doctor": "1", "seg1_new": "15"},
    **{"same": ["doctor"]},
}


def blocked(practice, day, **more):
    return {"resource_id": practice.doctors[0], "from_day": day, "to_day": day, "why": "ill", **more}
