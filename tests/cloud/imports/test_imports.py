"""A file from bytes to patients and back: checked dry, taken in, undone, through kills and beside others."""

from collections import Counter

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cloud.accounts.models import Staff
from cloud.imports import queries, services, tasks, writing
from cloud.imports.choices import Existing, Likely, Order, State
from cloud.imports.errors import NoSuchImport, NotNow
from cloud.imports.models import Batch, Remembered, Row
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries as people
from cloud.people import services as persons
from cloud.people.models import Change, Contact, Patient, Tagging
from tests.cloud.imports.files_here import BAD, WRONG, good, separated, thousand, workbook
from tests.cloud.people_here import Someone

HEADS = [
    "Record number",
    "Name",
    "Given name",
    "Sex",
    "Birth date",
    "Mobile",
    "E-mail",
    "Home store",
    "Tags",
    "Language",
]


def bring(engine: Engine, by: Someone, content: bytes, most: int = 100_000) -> int:
    with unit_of_work(engine, by.tenant_id) as session:
        return services.bring(session, file_name="list.csv", content=content, most=most, by=by.id).id


def worked(engine: Engine, by: Someone, batch_id: int) -> Batch:
    while tasks.step(engine, by.tenant_id, batch_id):
        pass
    with unit_of_work(engine, by.tenant_id) as session:
        return queries.batch(session, batch_id)


def checked(engine: Engine, by: Someone, batch_id: int, **options: object) -> Batch:
    found = worked(engine, by, batch_id)
    with unit_of_work(engine, by.tenant_id) as session:
        services.chart(session, batch_id, found.mapping, {"order": Order.DMY, **options}, by=by.id)
    return worked(engine, by, batch_id)


def taken_in(engine: Engine, by: Someone, content: bytes, **options: object) -> Batch:
    batch_id = bring(engine, by, content)
    checked(engine, by, batch_id, **options)
    with unit_of_work(engine, by.tenant_id) as session:
        services.accept(session, batch_id, by=by.id)
    return worked(engine, by, batch_id)


def undone(engine: Engine, by: Someone, batch: Batch) -> Batch:
    with unit_of_work(engine, by.tenant_id) as session:
        services.undo(session, batch.id, by=by.id)
    return worked(engine, by, batch.id)


def counted(engine: Engine, tenant_id: int) -> int:
    with unit_of_work(engine, tenant_id) as session:
        return session.scalar(select(func.count()).select_from(Patient)) or 0


def outcomes(engine: Engine, by: Someone, batch: Batch) -> dict[str, int]:
    with unit_of_work(engine, by.tenant_id) as session:
        return dict(queries.outcomes(session, batch.id))


def everything(session: Session) -> dict[str, object]:
    kinds = (Patient, Contact, Tagging, Change)
    return {kind.__tablename__: session.execute(select(kind.__table__).order_by(kind.id)).all() for kind in kinds}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_thousand_rows_with_37_bad_ones(engine, world, form):
    by, rows = world.olivia, thousand()
    content = separated(rows) if form == "csv" else workbook(rows)
    batch_id = bring(engine, by, content)
    batch = checked(engine, by, batch_id)
    with unit_of_work(engine, world.one) as session:
        found = session.scalars(select(Row).where(Row.verdict == "bad").order_by(Row.number)).all()
        assert [(row.number, row.problems[0]["code"]) for row in found] == [
            (27 * (at + 1) + 2, WRONG[at % len(WRONG)][2]) for at in range(BAD)
        ]
        assert queries.verdicts(session, batch_id) == {"new": 1000 - BAD, "bad": BAD}
    assert (batch.state, batch.rows, counted(engine, world.one)) == (State.CHECKED, 1000, 2)

    with unit_of_work(engine, world.one) as session:
        services.accept(session, batch_id, by=by.id)
    batch = worked(engine, by, batch_id)
    assert (batch.state, outcomes(engine, by, batch)) == (State.DONE, {"added": 1000 - BAD, "skipped": BAD})
    assert counted(engine, world.one) == 2 + 1000 - BAD
    with unit_of_work(engine, world.one) as session:
        grace = people.search(session, "I-00001")[0]
        assert (grace.family_name, grace.given_name) == ("Okoro1", "Grace")
        assert people.search(session, "7700 000001")[0].id == grace.id
        verbs = session.scalars(select(Entry.verb).where(Entry.subject_kind == "import").order_by(Entry.id)).all()
        assert verbs == ["brought", "mapped", "checked", "accepted", "imported"]


def test_a_dry_run_writes_no_patient(engine, world):
    with unit_of_work(engine, world.one) as session:
        before = everything(session)
    checked(engine, world.olivia, bring(engine, world.olivia, separated(thousand())))
    with unit_of_work(engine, world.one) as session:
        assert everything(session) == before


def test_an_import_is_undone_to_the_last_row(engine, world):
    with unit_of_work(engine, world.one) as session:
        before = everything(session)
    batch = taken_in(engine, world.olivia, separated([HEADS, *map(good, range(1, 40))]))
    assert counted(engine, world.one) == 2 + 39
    batch = undone(engine, world.olivia, batch)

    assert (batch.state, outcomes(engine, world.olivia, batch)) == (State.UNDONE, {"taken_back": 39})
    with unit_of_work(engine, world.one) as session:
        assert everything(session) == before
        assert people.search(session, "I-0000") == []
    again = taken_in(engine, world.olivia, separated([HEADS, *map(good, range(1, 40))]))
    assert outcomes(engine, world.olivia, again) == {"added": 39}


def test_whoever_was_used_since_is_kept_with_the_reason(engine, world):
    batch = taken_in(engine, world.olivia, separated([HEADS, *map(good, range(1, 6))]))
    with unit_of_work(engine, world.one) as session:
        ids = {row.number: row.patient_id for row in session.scalars(select(Row))}
        persons.tag(session, ids[2], "seen", by=world.rosa.id)
        persons.raise_alert(session, ids[3], kind="clinical", text="one eye", by=world.alice.id)
        session.execute(
            text(
                "INSERT INTO people_consent (tenant_id, patient_id, purpose, channel, state, text_version, method)"
                " VALUES (:t, :p, 'care', '', 'given', '1', 'paper')"
            ),
            {"t": world.one, "p": ids[4]},
        )
    batch = undone(engine, world.olivia, batch)

    assert outcomes(engine, world.olivia, batch) == {"taken_back": 2, "kept": 3}
    with unit_of_work(engine, world.one) as session:
        why = {row.number: row.why for row in queries.kept(session, batch.id)}
        assert why == {2: "edited", 3: "edited", 4: "people_consent"}
        assert set(session.scalars(select(Patient.id))) == {world.grace, world.per, ids[2], ids[3], ids[4]}


def test_an_update_takes_over_what_the_file_knows_and_is_put_back(engine, world):
    rows = [HEADS, ["R-1", "Okafor", "Grace Ada", "F", "14/03/1958", "07700 900001", "", "", "vip", ""]]
    batch = taken_in(engine, world.olivia, separated(rows), existing=Existing.UPDATE)
    assert outcomes(engine, world.olivia, batch) == {"updated": 1}
    with unit_of_work(engine, world.one) as session:
        grace = people.patient(session, world.grace)
        assert (grace.given_name, str(grace.birth_date), grace.phone) == ("Grace Ada", "1958-03-14", "07700 900001")
        assert len(session.scalars(select(Change).where(Change.patient_id == grace.id)).all()) > 2
    undone(engine, world.olivia, batch)
    with unit_of_work(engine, world.one) as session:
        grace = people.patient(session, world.grace)
        assert (grace.given_name, grace.birth_date, grace.phone, grace.sex) == ("Grace", None, None, None)
        assert people.tags(session, world.grace) == []
        assert people.contacts(session, world.grace) == []


def test_an_update_that_was_edited_since_is_kept(engine, world):
    rows = [HEADS, ["R-1", "Okafor", "Grace Ada", "", "", "", "", "", "", ""]]
    batch = taken_in(engine, world.olivia, separated(rows), existing=Existing.UPDATE)
    with unit_of_work(engine, world.one) as session:
        version = people.patient(session, world.grace).version
        persons.edit(session, world.grace, {"given_name": "Gracie"}, opened=version, by=world.alice.id)
    batch = undone(engine, world.olivia, batch)
    assert outcomes(engine, world.olivia, batch) == {"kept": 1}
    with unit_of_work(engine, world.one) as session:
        assert people.patient(session, world.grace).given_name == "Gracie"


@pytest.mark.parametrize(
    ("likely", "found"), [(Likely.LEAVE, {"skipped": 3}), (Likely.TAKE, {"added": 2, "skipped": 1})]
)
def test_who_is_there_already_is_seen(engine, world, likely, found):
    rows = [
        HEADS,
        ["R-2", "Lindqvist", "Per", "", "", "", "", "", "", ""],
        ["X-1", "Okafor", "Grace", "", "", "", "", "", "", ""],
        ["X-2", "grace okafor", "", "", "", "", "", "", "", ""],
    ]
    batch = taken_in(engine, world.olivia, separated(rows), likely=likely)
    assert outcomes(engine, world.olivia, batch) == found


def test_the_second_row_of_one_person_is_likely_and_of_one_number_wrong(engine, world):
    twin = [*good(1)]
    twin[0], twin[5], twin[6] = "I-9", "", ""
    batch = checked(engine, world.olivia, bring(engine, world.olivia, separated([HEADS, good(1), twin, good(1)])))
    with unit_of_work(engine, world.one) as session:
        rows = session.scalars(select(Row).order_by(Row.number)).all()
        assert [(row.verdict, [(p["code"], p["line"]) for p in row.problems]) for row in rows] == [
            ("new", []),
            ("likely", [("like_line", 2)]),
            ("bad", [("twice", 2)]),
        ]
    assert batch.state == State.CHECKED


def test_rows_without_a_record_number_get_the_chains_next(engine, world):
    rows = [["Family name", "First name"], ["Ash", "A"], ["Birch", "B"]]
    taken_in(engine, world.olivia, separated(rows))
    with unit_of_work(engine, world.one) as session:
        given = [people.search(session, name)[0].record_number for name in ("ash", "birch")]
    assert len(set(given)) == 2
    assert all(number.isdecimal() for number in given)


def test_a_killed_worker_leaves_nothing_doubled_and_the_next_goes_on(engine, world, monkeypatch):
    monkeypatch.setattr(tasks, "READ", 7)
    monkeypatch.setattr(tasks, "CHECKED", 7)
    monkeypatch.setattr(tasks, "WRITTEN", 7)
    by, kills = world.olivia, Counter[str]()

    def killing(name: str, whole: object) -> object:
        def step(session: Session, batch: Batch) -> None:
            whole(session, batch)  # type: ignore[operator]
            session.flush()
            kills[name] += 1
            if kills[name] % 2:
                raise KeyboardInterrupt

        return step

    monkeypatch.setattr(tasks, "_STEPS", {state: killing(state, whole) for state, whole in tasks._STEPS.items()})

    def to_the_end(batch_id: int) -> Batch:
        while True:
            tasks._open_files.clear()  # another process holds no file open
            try:
                return worked(engine, by, batch_id)
            except KeyboardInterrupt:
                continue

    batch_id = bring(engine, by, separated([HEADS, *map(good, range(1, 31))]))
    batch = to_the_end(batch_id)
    with unit_of_work(engine, world.one) as session:
        services.chart(session, batch_id, batch.mapping, {"order": Order.DMY}, by=by.id)
    to_the_end(batch_id)
    with unit_of_work(engine, world.one) as session:
        services.accept(session, batch_id, by=by.id)
    batch = to_the_end(batch_id)
    assert outcomes(engine, by, batch) == {"added": 30}
    assert counted(engine, world.one) == 32
    with unit_of_work(engine, world.one) as session:
        services.undo(session, batch_id, by=by.id)
    batch = to_the_end(batch_id)
    assert (batch.state, counted(engine, world.one)) == (State.UNDONE, 2)
    assert all(many >= 2 for many in kills.values())


def test_two_workers_never_do_the_same_rows(engine, world):
    batch_id = bring(engine, world.olivia, separated([HEADS, good(1)]))
    with unit_of_work(engine, world.one) as session:
        assert queries.locked(session, batch_id) is not None
        assert tasks.step(engine, world.one, batch_id) is False
    assert tasks.step(engine, world.one, batch_id) is True


def test_a_step_that_fails_again_and_again_is_given_up_and_keeps_nothing(engine, world, monkeypatch):
    batch_id = bring(engine, world.olivia, separated([HEADS, good(1)]))
    checked(engine, world.olivia, batch_id)
    with unit_of_work(engine, world.one) as session:
        services.accept(session, batch_id, by=world.olivia.id)

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(writing, "write", broken)
    for _attempt in range(tasks.ATTEMPTS):
        assert tasks._tried(engine, world.one, batch_id) is True
    with unit_of_work(engine, world.one) as session:
        batch = queries.batch(session, batch_id)
        assert (batch.state, batch.why, counted(engine, world.one)) == (State.STOPPED, "failed", 2)


def test_stopped_halfway_what_was_taken_in_stays_and_can_be_undone(engine, world, monkeypatch):
    monkeypatch.setattr(tasks, "WRITTEN", 5)
    batch_id = bring(engine, world.olivia, separated([HEADS, *map(good, range(1, 21))]))
    checked(engine, world.olivia, batch_id)
    with unit_of_work(engine, world.one) as session:
        services.accept(session, batch_id, by=world.olivia.id)
    tasks.step(engine, world.one, batch_id)
    with unit_of_work(engine, world.one) as session:
        batch = services.stop(session, batch_id, by=world.olivia.id)
    assert (batch.state, tasks.step(engine, world.one, batch_id), counted(engine, world.one)) == ("stopped", False, 7)
    undone(engine, world.olivia, batch)
    assert counted(engine, world.one) == 2


def test_cancelled_before_writing_nothing_was_written(engine, world):
    batch_id = bring(engine, world.olivia, separated([HEADS, good(1)]))
    with unit_of_work(engine, world.one) as session:
        batch = services.stop(session, batch_id, by=world.olivia.id)
    assert (batch.state, tasks.step(engine, world.one, batch_id)) == (State.CANCELLED, False)
    with unit_of_work(engine, world.one) as session, pytest.raises(NotNow):
        services.accept(session, batch_id, by=world.olivia.id)


def test_who_took_the_number_meanwhile_keeps_it(engine, world):
    batch_id = bring(engine, world.olivia, separated([HEADS, good(1), good(2)]))
    checked(engine, world.olivia, batch_id)
    with unit_of_work(engine, world.one) as session:
        persons.register(session, record_number="I-00001", family_name="First")
        services.accept(session, batch_id, by=world.olivia.id)
    batch = worked(engine, world.olivia, batch_id)
    assert outcomes(engine, world.olivia, batch) == {"added": 1, "skipped": 1}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        *((b"", "empty"), (b"  \n ", "empty"), (b"Name\n", "no_rows"), (b"PK\x03\x04rubbish", "no_workbook")),
        *((b"\xd0\xcf\x11\xe0rubbish", "no_workbook"), (separated([["a"], *[["b"]] * 11]), "too_many")),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(engine, world, content, why):
    batch = worked(engine, world.olivia, bring(engine, world.olivia, content, most=10))
    assert (batch.state, batch.why) == (State.UNREADABLE, why)


def test_the_chain_remembers_what_a_heading_meant_and_the_other_does_not(engine, world):
    rows = separated([["Kennung", "Wer"], ["K-1", "Ash, A"]])
    found = worked(engine, world.olivia, bring(engine, world.olivia, rows))
    assert found.mapping == ["", ""]
    with unit_of_work(engine, world.one) as session:
        services.chart(session, found.id, ["record_number", "full_name"], {}, by=world.olivia.id)
    assert worked(engine, world.olivia, bring(engine, world.olivia, rows)).mapping == ["record_number", "full_name"]
    assert worked(engine, world.charlie, bring(engine, world.charlie, rows)).mapping == ["", ""]
    with unit_of_work(engine, world.two) as session:
        assert session.scalars(select(Remembered)).all() == []


def test_another_chains_import_is_not_there(engine, world):
    batch_id = bring(engine, world.olivia, separated([HEADS, good(1)]))
    with unit_of_work(engine, world.two) as session:
        with pytest.raises(NoSuchImport):
            queries.batch(session, batch_id)
        for deed in (services.accept, services.stop, services.undo, services.remap):
            with pytest.raises(NoSuchImport):
                deed(session, batch_id, by=world.charlie.id)
    assert tasks.step(engine, world.two, batch_id) is False
    assert (world.one, batch_id) in queries.due(engine)


def test_the_database_removes_nobody_but_whom_an_import_added_while_it_is_undone(engine, world):
    batch = taken_in(engine, world.olivia, separated([HEADS, good(1)]))
    asked = text("DELETE FROM people_patient")
    with unit_of_work(engine, world.one) as session:
        assert session.execute(asked).rowcount == 0
        batch = session.get_one(Batch, (world.one, batch.id))
        batch.state = State.UNDOING
        session.flush()
        with pytest.raises(DBAPIError), session.begin_nested():  # contact points still hang on the one it may remove
            session.execute(asked)
        session.execute(text("DELETE FROM people_contact"))
        assert session.execute(asked).rowcount == 1
        assert set(session.scalars(select(Patient.id))) == {world.grace, world.per}
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Staff)) == 6
