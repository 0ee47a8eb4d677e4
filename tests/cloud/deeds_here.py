"""What people do in a practice, each deed through pages or API as its user would do it; read by test_who_may_what.py.

A deed prepares what it is done to (rows of chain one, written by whoever may) and returns how somebody then does it,
with everything a form wants: what is refused is refused for want of a right.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cloud.clinic import drafting, places, recalls
from cloud.clinic.drafting import Change
from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.people import queries, services
from cloud.planning import types
from cloud.prescriptions import proving, tokens
from cloud.prescriptions.choices import Kind
from cloud.queue import queries as queue
from cloud.queue import services as standing
from cloud.readings import intake
from cloud.shadow import queries as shadow
from tests.cloud.clinic import history_here as history
from tests.cloud.people_here import PASSWORD, Someone, World
from tests.cloud.prescriptions.written_here import GLASSES, sign
from tests.cloud.readings.parcels_here import Outbox

_numbers = count(1)
SPHERE = "-1.75"
WHY = {"why_code": "typing", "why": "Read off the wrong line"}


@dataclass(frozen=True)
class Stage:
    """A patient of chain one of their own, and what there is of them."""

    session: Session
    world: World

    @cached_property
    def patient(self) -> int:
        number = f"S-{next(_numbers)}"
        return services.register(self.session, record_number=number, family_name="Zielinska", given_name="Ada").id

    @cached_property
    def where(self) -> dict[str, int]:
        return {"patient_id": self.patient, "store_id": self.world.pier.id, "by": self.world.alice.id}

    def draft(self) -> int:
        """An examination that Alice is writing, complete enough to be signed."""
        began = drafting.begin(self.session, template=history.WHOLE, **self.where)
        values = {"manifest.1.sphere.R": SPHERE, **history.RECALL}
        changes = [Change(places.read(place), text) for place, text in values.items()]
        drafting.save(self.session, encounter_id=began.id, changes=changes, by=self.world.alice.id)
        return began.id

    def signed(self) -> int:
        """An examination that Alice signed, with a recall."""
        visit = self.draft()
        history.sign(self.session, visit, self.world.alice.id)
        return visit

    def amended(self) -> int:
        """The same, amended since: its first version says another sphere than the one that stands."""
        visit = self.signed()
        drafting.amend(self.session, encounter_id=visit, by=self.world.alice.id)
        change = [Change(places.read("manifest.1.sphere.R"), "-6.25")]
        drafting.save(self.session, encounter_id=visit, changes=change, by=self.world.alice.id)
        history.sign(self.session, visit, self.world.alice.id, history.signing.Why("typing", "Misread."))
        return visit

    def prescription(self) -> int:
        return sign(self.session, self.world.pier, self.world.alice, self.patient).id


@dataclass(frozen=True, slots=True)
class Deed:
    """How it is done; ``shows`` is what a page holds for whoever may look, None where something changes."""

    do: Callable[[FlaskClient, Someone | None], TestResponse]
    shows: str | None = None


def look(address: str, shows: str) -> Deed:
    return Deed(lambda page, _who: page.get(address), shows)


def post(address: str, **entered: str) -> Deed:
    return Deed(lambda page, _who: page.post(address, data=entered))


def find_a_patient(stage: Stage) -> Deed:
    return look("/patients/find?q=zielin", f"/patients/{stage.patient}")


def open_details(stage: Stage) -> Deed:
    return look(f"/patients/{stage.patient}/details", "Zielinska")


def change_a_phone(stage: Stage) -> Deed:
    old = services.add_contact(stage.session, stage.patient, kind="mobile", value="+44 7700 900123", by=None)
    return post(f"/patients/{stage.patient}/contacts/{old.id}/end")


def add_a_phone(stage: Stage) -> Deed:
    return post(f"/patients/{stage.patient}/contacts", kind="mobile", value="+44 7700 900456")


def see_the_history_of_changes(stage: Stage) -> Deed:
    opened = queries.patient(stage.session, stage.patient).version
    services.edit(stage.session, stage.patient, {"occupation": "Lighthouse"}, opened=opened, by=stage.world.alice.id)
    return look(f"/patients/{stage.patient}/history", "Lighthouse")


def answer_a_consent(stage: Stage) -> Deed:
    return post(f"/patients/{stage.patient}/consents", **{"method": "spoken", "recalls.sms": "given"})


def merge_two_people(stage: Stage) -> Deed:
    double = services.register(stage.session, family_name="Zielinska", given_name="Adda").id
    return post("/patients/merge", survivor=str(stage.patient), absorbed=str(double), reason="The same person")


def import_a_file(_stage: Stage) -> Deed:
    def do(page: FlaskClient, _who: Someone | None) -> TestResponse:
        return page.post("/patients/imports", data={"file": (io.BytesIO(b"Name\nAsh"), "list.csv")})

    return Deed(do)


def see_the_space_taken(_stage: Stage) -> Deed:
    return Deed(lambda page, _who: page.get("/pictures/space"), "Space taken")


def reveal_a_national_id(stage: Stage) -> Deed:
    opened = queries.patient(stage.session, stage.patient).version
    said = {"id_kind": "passport", "id_number": "X1234567"}
    services.edit(stage.session, stage.patient, said, opened=opened, by=stage.world.alice.id)
    return Deed(lambda page, _who: page.post(f"/patients/{stage.patient}/document"), "X1234567")


def read_the_overview(stage: Stage) -> Deed:
    stage.signed()
    return look(f"/patients/{stage.patient}/overview", "1.75")


def read_a_signed_record(stage: Stage) -> Deed:
    return look(f"/examinations/{stage.signed()}", "1.75")


def replay_a_version(stage: Stage) -> Deed:
    return look(f"/examinations/{stage.amended()}?version=1", "1.75")


def read_it_by_api(stage: Stage) -> Deed:
    return look(f"/api/v1/examinations/{stage.signed()}", "1.75")


def begin_an_examination(stage: Stage) -> Deed:
    return post(f"/patients/{stage.patient}/examinations", template="blank")


def write_into_alices_draft(stage: Stage) -> Deed:
    address = f"/examinations/{stage.draft()}/entries"
    change = {"place": "manifest.1.sphere.L", "entered": "-3.00"}
    return Deed(lambda page, _who: page.put(address, json={"changes": [change]}))


def take_alices_draft_over(stage: Stage) -> Deed:
    return post(f"/examinations/{stage.draft()}/take-over")


def accept_a_reading_into_alices_draft(stage: Stage) -> Deed:
    visit, outbox = stage.draft(), Outbox(stage.world.pier)
    outbox.at = now() + timedelta(seconds=5)
    line = outbox.reading(queries.patient(stage.session, stage.patient).record_number)
    intake.take(stage.session, stage.world.one, [outbox.parcel(line)])
    return post(f"/examinations/{visit}/proposals/{line.id}/accept")


def sign_alices_draft(stage: Stage) -> Deed:
    return post(f"/examinations/{stage.draft()}/sign", password=PASSWORD)


def sign_what_bob_took_over(stage: Stage) -> Deed:
    visit = stage.draft()
    drafting.take_over(stage.session, encounter_id=visit, by=stage.world.bob.id)
    return post(f"/examinations/{visit}/sign", password=PASSWORD)


def amend_a_signed_record(stage: Stage) -> Deed:
    return post(f"/examinations/{stage.signed()}/amend")


def retract_with_a_second(stage: Stage) -> Deed:
    address = f"/examinations/{stage.signed()}/retract"

    def do(page: FlaskClient, who: Someone | None) -> TestResponse:
        second = stage.world.bob if who == stage.world.alice else stage.world.alice
        return page.post(address, data={"second_email": second.email, "second_password": PASSWORD, **WHY})

    return Deed(do)


def retract_alone(stage: Stage) -> Deed:
    address = f"/examinations/{stage.signed()}/retract"

    def do(page: FlaskClient, who: Someone | None) -> TestResponse:
        mine = who.email if who else "nobody@example.test"
        return page.post(address, data={"second_email": mine, "second_password": PASSWORD, **WHY})

    return Deed(do)


def write_a_prescription(stage: Stage) -> Deed:
    entered = {**GLASSES, "origin": "own", "kind": Kind.SPECTACLE.value}
    return post(f"/patients/{stage.patient}/prescriptions/drafts/{uuid7()}", **entered)


def sign_a_prescription(stage: Stage) -> Deed:
    entered = {**GLASSES, "origin": "own", "kind": Kind.SPECTACLE.value}
    return post(f"/patients/{stage.patient}/prescriptions/drafts/{uuid7()}/issue", **entered)


def cancel_a_prescription(stage: Stage) -> Deed:
    return post(f"/prescriptions/{stage.prescription()}/end", state="cancelled", reason="other", why="Lost")


def read_prescriptions(stage: Stage) -> Deed:
    stage.prescription()
    return look(f"/patients/{stage.patient}/prescriptions", "2.25")


def verify_a_paper_by_its_code(stage: Stage) -> Deed:
    row, secret = sign(stage.session, stage.world.pier, stage.world.alice, stage.patient), tokens.fresh()
    proving.keep(stage.session, row, secret, b"%PDF", paper="a5", language="en", by=stage.world.alice.id)
    return Deed(lambda page, _who: page.post("/v", data={"code": tokens.grouped(secret.code)}), "2.25")


def see_recalls(stage: Stage) -> Deed:
    stage.signed()
    return look("/recalls?shelf=later", "Zielinska")


def settle_a_recall(stage: Stage) -> Deed:
    stage.signed()
    [due] = recalls.of_patient(stage.session, [stage.patient])
    return post(f"/recalls/{due.recall.id}/outcome", state="booked")


def look_at_a_type_of_visit(stage: Stage) -> Deed:
    told = {
        "code": f"check-{next(_numbers)}",
        "names": {"en": "Zielinska check"},
        "shown": 20,
        "grid": {"kind": "clock"},
    }
    one = types.add(stage.session, told, [], by=stage.world.olivia.id)
    return look(f"/planning/types/{one.id}", "Zielinska check")


def limit_the_visits_of_a_day(_stage: Stage) -> Deed:
    return post("/planning/quotas", most="12")


def block_time_off(_stage: Stage) -> Deed:
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    return post("/planning/blocks", from_day=tomorrow, to_day=tomorrow, why="Painting")


def say_how_a_store_books_online(_stage: Stage) -> Deed:
    return post("/online-booking", open="yes", phone="+351 21 000 0000", most="4")


def _waits(stage: Stage) -> queue.InLine:
    """The patient is here, at the doctor's station."""
    stations = {one.sort: one.id for one in standing.furnish(stage.session, stage.world.pier.id)}
    kind = queue.kind(stage.session, stage.world.pier.id, "general")
    stay, step, _token = standing.arrive(stage.session, kind, patient_id=stage.patient, by=stage.world.rosa.id)
    told = {"by": stage.world.rosa.id}
    moved = standing.transfer(stage.session, queue.InLine(step, stay), stations["doctor"], **told)
    return queue.InLine(moved, stay)


def look_at_who_waits(stage: Stage) -> Deed:
    return look(f"/stations/{_waits(stage).step.station_id}", "Zielinska")


def call_a_patient(stage: Stage) -> Deed:
    return post(f"/steps/{_waits(stage).step.id}/call")


def move_a_step_by_api(stage: Stage) -> Deed:
    return post(f"/api/v1/steps/{_waits(stage).step.id}/in_room")


def let_somebody_pass_unpaid(stage: Stage) -> Deed:
    return post(f"/stays/{_waits(stage).stay.id}/pass", reason="Acute glaucoma")


def look_at_who_is_here(stage: Stage) -> Deed:
    return look(f"/arrivals/{_waits(stage).stay.id}", "Zielinska")


def cancel_a_registration(stage: Stage) -> Deed:
    return post(f"/arrivals/{_waits(stage).stay.id}/cancel", why="Came on the wrong day")


def say_what_screens_may_say(stage: Stage) -> Deed:
    standing.furnish(stage.session, stage.world.pier.id)
    return post("/stations/settings/saying", who="surname", languages="en")


def look_at_calculators(_stage: Stage) -> Deed:
    return look("/calculators?q=sheard", "Sheard")


def switch_a_calculator_off(_stage: Stage) -> Deed:
    return post("/calculators/b.3.vectors/switch", on="no")


def set_a_gateway(stage: Stage) -> Deed:
    gateway = stage.world.pier.sender.gateway_id
    newest = shadow.wanted(stage.session, gateway)[1]
    return post(f"/fleet/{gateway}/configuration", base=str(newest), raw_days="5")


def order_a_gateway(stage: Stage) -> Deed:
    address = f"/fleet/{stage.world.pier.sender.gateway_id}/orders"

    def order(page: FlaskClient, who: Someone | None) -> TestResponse:
        mine = "ping" if who == stage.world.olivia else "list_ports"
        return page.post(address, data={"verb": mine})

    return Deed(order)


def look_at_a_gateways_configuration(stage: Stage) -> Deed:
    return look(f"/fleet/{stage.world.pier.sender.gateway_id}/configuration", "Wanted and in force")
