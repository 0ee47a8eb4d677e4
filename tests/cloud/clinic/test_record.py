"""The life of a record: drafted, signed, amended, retracted; and that what is signed stays."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cloud.clinic import drafting, places, queries, signing
from cloud.clinic.catalogue.shapes import Place as Step
from cloud.clinic.catalogue.shapes import Template, Words
from cloud.clinic.choices import Origin, Quality
from cloud.clinic.drafting import Change, Put
from cloud.clinic.errors import AlreadyOpen, Locked, NothingToSign, NotYours, SecondPersonNeeded, Unsignable
from cloud.kernel.database import unit_of_work

PLAIN = Template("plain", 1, Words("Plain", "简单"), (Step("manifest"),))
SPHERE, CYLINDER, AXIS = (places.read(f"manifest.1.{name}.R") for name in ("sphere", "cylinder", "axis"))


@pytest.fixture
def work(engine, world):
    """One unit of work of chain one."""
    with unit_of_work(engine, world.one) as session:
        yield session


@pytest.fixture
def visit(work, world):
    return drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)


def typed(work, world, visit, by=None, **values):
    changes = [Change(places.read(f"manifest.1.{field}.R"), entered) for field, entered in values.items()]
    return drafting.save(work, encounter_id=visit.id, changes=changes, by=(by or world.alice).id)


def held(work, visit):
    draft = queries.draft(work, visit.id)
    return {str(place): item for place, item in queries.drafted(work, draft.id).items()}


def signed(work, world, visit):
    return signing.sign(work, encounter_id=visit.id, by=world.alice.id)


def test_what_was_typed_is_kept_and_read(work, world, visit):
    typed(work, world, visit, sphere="-175", cylinder="ds")

    found = held(work, visit)
    assert found[str(SPHERE)].entered == "-175"
    assert [str(found[str(place)].value.number) for place in (SPHERE, CYLINDER)] == ["-1.75", "0"]


def test_what_cannot_be_read_is_kept_and_refuses_the_signature(work, world, visit):
    typed(work, world, visit, sphere="minus two")

    with pytest.raises(Unsignable) as refusal:
        signed(work, world, visit)
    assert [one.key for one in refusal.value.findings] == [f"unreadable@{SPHERE}"]
    assert held(work, visit)[str(SPHERE)].entered == "minus two"


def test_a_place_emptied_is_absent(work, world, visit):
    typed(work, world, visit, sphere="-1.00", cylinder="-0.50")
    typed(work, world, visit, cylinder="")
    assert set(held(work, visit)) == {str(SPHERE)}


def test_unable_is_not_absent(work, world, visit):
    drafting.save(work, encounter_id=visit.id, changes=[Change(SPHERE, "", Quality.UNABLE)], by=world.alice.id)
    item = held(work, visit)[str(SPHERE)]
    assert (item.quality, item.value, item.problem) == (Quality.UNABLE, None, None)


def test_an_edited_device_value_keeps_what_the_device_said_and_is_the_devices_again_when_put_back(work, world, visit):
    said = Put(SPHERE, "-1.75", Origin.DEVICE, "a-reading")
    drafting.put(work, encounter_id=visit.id, values=[said], by=world.alice.id)
    typed(work, world, visit, sphere="-2.00")
    edited = held(work, visit)[str(SPHERE)]
    typed(work, world, visit, sphere="-1.75")
    again = held(work, visit)[str(SPHERE)]

    assert (edited.origin, edited.device_value, edited.source) == (Origin.MANUAL, "-1.75", "a-reading")
    assert (again.origin, again.device_value) == (Origin.DEVICE, None)


def test_a_batch_is_undone_exactly(work, world, visit):
    typed(work, world, visit, sphere="-1.00")
    before = held(work, visit)
    values = [Put(SPHERE, "-1.75", Origin.DEVICE, "r"), Put(AXIS, "90", Origin.DEVICE, "r")]
    drafting.put(work, encounter_id=visit.id, values=values, by=world.alice.id)
    changed = held(work, visit)
    drafting.undo(work, encounter_id=visit.id, by=world.alice.id)

    assert {place: item.entered for place, item in changed.items()} == {str(SPHERE): "-1.75", str(AXIS): "90"}
    assert held(work, visit) == before
    assert queries.draft(work, visit.id).before is None


def test_somebody_elses_draft_is_not_written_into_until_it_is_taken_over(work, world, visit):
    typed(work, world, visit, sphere="-1.00")
    with pytest.raises(NotYours) as refusal:
        typed(work, world, visit, world.bob, sphere="-9.00")
    assert (refusal.value.who, held(work, visit)[str(SPHERE)].entered) == (world.alice.id, "-1.00")

    drafting.take_over(work, encounter_id=visit.id, by=world.bob.id)
    typed(work, world, visit, world.bob, sphere="-1.25")
    assert held(work, visit)[str(SPHERE)].entered == "-1.25"


def test_signing_locks_and_keeps_a_digest_of_the_whole(work, world, visit):
    typed(work, world, visit, sphere="-1.00")
    version = signed(work, world, visit)

    body = json.loads(version.body)
    assert [(one["place"], one["value"]["number"]) for one in body["entries"]] == [(str(SPHERE), "-1.00")]
    assert (version.number, version.previous, queries.visit(work, visit.id).state) == (1, None, "signed")
    with pytest.raises(Locked):
        typed(work, world, visit, sphere="-2.00")


def test_nothing_is_not_signed(work, world, visit):
    with pytest.raises(NothingToSign):
        signed(work, world, visit)
    typed(work, world, visit, sphere="-1.00")
    signed(work, world, visit)
    drafting.amend(work, encounter_id=visit.id, by=world.alice.id)
    with pytest.raises(NothingToSign):
        signing.sign(work, encounter_id=visit.id, by=world.alice.id, why=signing.Why("typing", "no change"))


def amended(work, world, visit):
    typed(work, world, visit, sphere="-1.00", cylinder="-0.50", axis="180")
    first = signed(work, world, visit)
    drafting.amend(work, encounter_id=visit.id, by=world.bob.id)
    typed(work, world, visit, world.bob, axis="90")
    why = signing.Why("typing", "The axis was read off the wrong line.")
    return first, signing.sign(work, encounter_id=visit.id, by=world.bob.id, why=why)


def test_an_amendment_needs_a_reason_and_follows_its_predecessor(work, world, visit):
    first, second = amended(work, world, visit)

    assert (second.number, second.previous, second.act) == (2, first.sha256, "amended")
    assert second.reason == "The axis was read off the wrong line."
    shown = queries.signed(work, second.id)
    assert (shown[AXIS].entered, shown[AXIS].changed_by, shown[SPHERE].changed_by) == (
        "90",
        world.bob.id,
        world.alice.id,
    )


def test_the_trail_replays_to_any_moment(work, world, visit):
    first, second = amended(work, world, visit)
    between = first.signed_at + (second.signed_at - first.signed_at) / 2

    assert queries.version_at(work, visit.id, between).id == first.id
    assert queries.version_at(work, visit.id, second.signed_at).id == second.id
    assert queries.signed(work, first.id)[AXIS].entered == "180"
    with pytest.raises(LookupError):
        queries.version_at(work, visit.id, first.signed_at - timedelta(seconds=1))


def test_only_one_draft_is_open_at_a_time(work, world, visit):
    typed(work, world, visit, sphere="-1.00")
    signed(work, world, visit)
    drafting.amend(work, encounter_id=visit.id, by=world.alice.id)
    with pytest.raises(AlreadyOpen):
        drafting.amend(work, encounter_id=visit.id, by=world.bob.id)


def test_a_retraction_needs_two_people_and_leaves_the_record_to_be_read(work, world, visit):
    typed(work, world, visit, sphere="-1.00")
    first, why = signed(work, world, visit), signing.Why("other", "Written into the wrong patient's record.")
    with pytest.raises(SecondPersonNeeded):
        signing.retract(work, encounter_id=visit.id, by=world.alice.id, second=world.alice.id, why=why)
    gone = signing.retract(work, encounter_id=visit.id, by=world.alice.id, second=world.bob.id, why=why)

    assert (queries.visit(work, visit.id).state, gone.previous) == ("retracted", first.sha256)
    assert queries.signed(work, first.id)[SPHERE].entered == "-1.00"
    assert queries.recorded(work, [world.grace], ["manifest"]) == []


FORBIDDEN = [
    "UPDATE clinic_observation SET entered = '-9.00'",
    "DELETE FROM clinic_observation",
    "UPDATE clinic_version SET body = '{}'",
    "UPDATE clinic_version SET signed_by = 0",
    "DELETE FROM clinic_version",
    "TRUNCATE clinic_observation",
    "UPDATE clinic_encounter SET patient_id = patient_id + 1",
    "DELETE FROM clinic_encounter",
    "UPDATE clinic_discard SET why = ''",
    "INSERT INTO clinic_version (tenant_id, encounter_id, number, act, signed_by, body, sha256, transaction)"
    " SELECT tenant_id, encounter_id, number + 1, act, signed_by, body, sha256, transaction FROM clinic_version",
    "INSERT INTO clinic_observation (tenant_id, version_id, encounter_id, patient_id, element, n, field, side,"
    " type_version, entered, measured_at, recorded_at, recorded_by, origin, confirmed, quality)"
    " SELECT tenant_id, version_id, encounter_id, patient_id, element, n, 'note', 'N',"
    " type_version, 'later', measured_at, recorded_at, recorded_by, origin, confirmed, quality FROM clinic_observation",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_signed_record_cannot_be_changed_with_the_applications_own_role(engine, world, statement):
    with unit_of_work(engine, world.one) as session:
        visit = drafting.begin(
            session, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id
        )
        typed(session, world, visit, sphere="-1.00")
        before = signed(session, world, visit).id
    with pytest.raises(DBAPIError) as refusal, unit_of_work(engine, world.one) as session:
        session.execute(text(statement))
    assert refusal.value.orig.sqlstate == "42501"
    with unit_of_work(engine, world.one) as session:
        assert [item.entered for item in queries.signed(session, before).values()] == ["-1.00"]


def test_a_version_out_of_order_is_refused(engine, world):
    with unit_of_work(engine, world.one) as session:
        visit = drafting.begin(
            session, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id
        )
        typed(session, world, visit, sphere="-1.00")
        signed(session, world, visit)
    forged = (
        "INSERT INTO clinic_version (tenant_id, encounter_id, number, act, signed_by, body, sha256, previous)"
        " SELECT tenant_id, encounter_id, 2, 'amended', signed_by, '{}', sha256, repeat('0', 64) FROM clinic_version"
    )
    with pytest.raises(DBAPIError) as refusal, unit_of_work(engine, world.one) as session:
        session.execute(text(forged))
    assert refusal.value.orig.sqlstate == "40001"


def test_what_is_pulled_forward_is_marked_as_copied_until_somebody_says_that_it_holds(work, world):
    glasses = places.read("glasses.1.sphere.R")
    old = drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)
    drafting.save(work, encounter_id=old.id, changes=[Change(glasses, "-2.00")], by=world.alice.id)
    signed(work, world, old)
    new = drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)
    drafting.pull_forward(work, encounter_id=new.id, element="glasses", by=world.alice.id)
    copied = held(work, new)[str(glasses)]
    drafting.save(work, encounter_id=new.id, changes=[Change(glasses, confirm=True)], by=world.alice.id)
    confirmed = held(work, new)[str(glasses)]

    assert (copied.entered, copied.origin, copied.source, copied.copied) == ("-2.00", Origin.COPIED, str(old.id), True)
    assert (confirmed.entered, confirmed.origin, confirmed.copied) == ("-2.00", Origin.COPIED, False)


def test_a_copy_that_is_typed_over_is_typed(work, world):
    glasses = places.read("glasses.1.sphere.R")
    old = drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)
    drafting.save(work, encounter_id=old.id, changes=[Change(glasses, "-2.00")], by=world.alice.id)
    signed(work, world, old)
    new = drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)
    drafting.pull_forward(work, encounter_id=new.id, element="glasses", by=world.alice.id)
    drafting.save(work, encounter_id=new.id, changes=[Change(glasses, "-2.25")], by=world.alice.id)

    item = held(work, new)[str(glasses)]
    assert (item.entered, item.origin, item.copied) == ("-2.25", Origin.MANUAL, False)


def test_a_later_template_changes_no_visit_that_has_begun(work, world, visit):
    later = Template("plain", 2, PLAIN.title, (Step("iop", mandatory=True),))
    drafting.begin(work, patient_id=world.grace, template=later, store_id=world.pier.id, by=world.alice.id)

    assert (visit.template_version, visit.layout) == (1, [{"element": "manifest", "mandatory": False}])
