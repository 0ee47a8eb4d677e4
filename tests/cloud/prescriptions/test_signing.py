"""Once signed nothing changes: not by page, not by API, not by SQL; what happens later stands beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import Base, unit_of_work
from cloud.kernel.ids import uuid7
from cloud.prescriptions import queries, services
from cloud.prescriptions.checks import whole
from cloud.prescriptions.checks.finding import Known
from cloud.prescriptions.choices import Kind, State
from cloud.prescriptions.errors import (
    AlreadyEnded,
    DraftEnded,
    NoSuchDraft,
    NoSuchPrescription,
    NotIssuable,
    ReasonNeeded,
)
from cloud.prescriptions.models import Draft, Eye, Prescription
from tests.cloud.prescriptions.written_here import GLASSES, TODAY, glasses, sign

SIGNED = ("prescription", "eye", "lens", "drug", "ending", "proof", "release")


@pytest.fixture
def signed(engine, world):
    with unit_of_work(engine, world.one) as session:
        return sign(session, world.pier, world.alice, world.grace)


@pytest.mark.parametrize("kind", Kind)
def test_what_was_signed_is_what_is_read_and_hashes_alike(engine, world, kind):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, kind, changed={"right_prism": "5 @ 37"})
    with unit_of_work(engine, world.one) as session:
        shown = queries.one(session, row.id, TODAY)

        assert queries.is_true(shown) is True
        assert shown.state == State.IN_FORCE
        assert shown.written.head.kind == kind


@pytest.mark.parametrize("name", SIGNED)
def test_the_application_has_no_right_to_change_what_was_signed(engine, world, signed, name):
    table = Base.metadata.tables[f"prescriptions_{name}"]
    attempts = [update(table).values({column.name: column}) for column in table.c] + [table.delete()]
    with unit_of_work(engine, world.one) as session:
        for attempt in attempts:
            with pytest.raises(DBAPIError) as refusal, session.begin_nested():
                session.execute(attempt)
            assert refusal.value.orig.sqlstate == "42501"


def test_of_a_draft_whose_it_is_and_where_it_begins_cannot_be_changed(engine, world, signed):
    drafts = Base.metadata.tables["prescriptions_draft"]
    with unit_of_work(engine, world.one) as session:
        for name in ("patient_id", "author_id", "kind", "origin", "replaces_id", "key"):
            with pytest.raises(DBAPIError) as refusal, session.begin_nested():
                session.execute(update(drafts).values({name: drafts.c[name]}))
            assert refusal.value.orig.sqlstate == "42501"


def test_a_row_changed_behind_our_back_is_told(owner, engine, world, signed):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE prescriptions_eye NO FORCE ROW LEVEL SECURITY"))
        changed = connection.execute(
            text("UPDATE prescriptions_eye SET axis = 100 WHERE prescription_id = :id AND eye = 'right'"),
            {"id": signed.id},
        )
        connection.execute(text("ALTER TABLE prescriptions_eye FORCE ROW LEVEL SECURITY"))
        assert changed.rowcount == 1
    with unit_of_work(engine, world.one) as session:
        assert queries.is_true(queries.one(session, signed.id, TODAY)) is False


def test_a_draft_is_signed_once(engine, world, signed):
    with unit_of_work(engine, world.one) as session:
        draft = queries.draft(session, signed.key, world.alice.id)
        with pytest.raises(DraftEnded):
            services.issue(session, draft, glasses(), (), {}, by=world.alice.id)
        with pytest.raises(DraftEnded):
            services.save(draft, GLASSES)
        with pytest.raises(DraftEnded):
            services.discard(session, draft, by=world.alice.id)
        assert len(session.scalars(select(Prescription)).all()) == 1


def test_what_a_check_refuses_is_not_signed_whatever_the_reason(engine, world):
    written = glasses(left_axis="90", right_sphere="-6.00")
    found = whole.found(written, Known(TODAY))
    reasons = {one.name: "because" for one in found}
    with unit_of_work(engine, world.one) as session:
        where = {"patient_id": world.grace, "store_id": world.pier.id, "kind": Kind.SPECTACLE, "by": world.alice.id}
        draft = services.begin(session, key=uuid7(), **where)
        with pytest.raises(NotIssuable) as refusal:
            services.issue(session, draft, written, found, reasons, by=world.alice.id)
        assert [one.name for one in refusal.value.findings] == ["V-01-axis.left_cylinder"]
        assert session.scalars(select(Prescription)).all() == []
        assert draft.ended_at is None


def test_the_reason_stays_with_the_prescription(engine, world):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, changed={"right_sphere": "-6.00"})
        kept = [{name: one[name] for name in ("id", "place", "severity", "reason")} for one in row.findings]
    assert kept == [{"id": "P-ANISO", "place": "left_sphere", "severity": "reason", "reason": "known"}]


def test_replacing_supersedes_and_the_chain_can_be_followed(engine, world, signed):
    with unit_of_work(engine, world.one) as session:
        newer = sign(session, world.pier, world.alice, world.grace, replaces_id=signed.id)
    with unit_of_work(engine, world.one) as session:
        new, old = queries.of_patient(session, world.grace, TODAY)

        assert (new.id, new.state, new.row.replaces_id) == (newer.id, State.IN_FORCE, signed.id)
        assert (old.state, old.replaced_by) == (State.SUPERSEDED, newer.id)
        assert (queries.is_true(new), queries.is_true(old)) == (True, True)


def test_an_ending_needs_words_and_happens_once(engine, world, signed):
    how = {"reason": "other", "by": world.alice.id}
    with unit_of_work(engine, world.one) as session:
        with pytest.raises(ReasonNeeded):
            services.end(session, signed.id, State.CANCELLED, why=" ", **how)
        services.end(session, signed.id, State.CANCELLED, why="lost trust", **how)
        with pytest.raises(AlreadyEnded):
            services.end(session, signed.id, State.ENTERED_IN_ERROR, why="no, an error", **how)
    with unit_of_work(engine, world.one) as session:
        shown = queries.one(session, signed.id, TODAY)
        assert (shown.state, shown.ending.why) == (State.CANCELLED, "lost trust")


def test_the_list_can_be_told_as_it_stood_at_any_moment(engine, world, signed):
    between = now()
    with unit_of_work(engine, world.one) as session:
        sign(session, world.pier, world.alice, world.grace, replaces_id=signed.id)
    with unit_of_work(engine, world.one) as session:
        then = queries.of_patient(session, world.grace, TODAY, at=between)
        before = queries.of_patient(session, world.grace, TODAY, at=signed.issued_at - timedelta(microseconds=1))

        assert [(one.id, one.state) for one in then] == [(signed.id, State.IN_FORCE)]
        assert before == []


def test_it_expires_with_its_last_day(engine, world, signed):
    with unit_of_work(engine, world.one) as session:
        last_day = queries.one(session, signed.id, TODAY).last_day
        assert queries.one(session, signed.id, last_day).state == State.IN_FORCE
        assert queries.one(session, signed.id, last_day + timedelta(days=1)).state == State.EXPIRED


def test_a_near_prescription_is_not_compared_with_one_for_distance(engine, world, signed):
    with unit_of_work(engine, world.one) as session:
        assert queries.last(session, world.grace, glasses(use="near")) is None
        assert queries.last(session, world.grace, glasses(use="sports")) is not None
        services.end(session, signed.id, State.ENTERED_IN_ERROR, reason="other", why="wrong eye", by=world.alice.id)
        assert queries.last(session, world.grace, glasses()) is None


def test_a_draft_is_its_authors_alone(engine, world):
    key = uuid7()
    where = {"patient_id": world.grace, "store_id": world.pier.id, "kind": Kind.SPECTACLE}
    with unit_of_work(engine, world.one) as session:
        services.begin(session, key=key, by=world.alice.id, **where)
        assert queries.draft(session, key, world.alice.id).key == key
        with pytest.raises(NoSuchDraft):
            queries.draft(session, key, world.bob.id)
        assert list(queries.drafts(session, world.grace, world.bob.id)) == []


def test_another_chain_finds_nothing(engine, world, signed):
    with unit_of_work(engine, world.two) as session:
        with pytest.raises(NoSuchPrescription):
            queries.one(session, signed.id, TODAY)
        assert session.scalars(select(Eye)).all() == []
        assert session.scalars(select(Draft)).all() == []


def test_the_trail_says_who_signed_and_holds_no_value(engine, world, signed):
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.verb == "issued")).one()
        assert (entry.staff_id, entry.subject_id) == (world.alice.id, str(signed.id))
        assert entry.details == {"patient_id": world.grace}
