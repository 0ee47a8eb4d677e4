"""Patients by the million, through COPY, as the owner: with their telephones and the words they are found by.

Triggers and foreign keys rest meanwhile, since the rows are right by construction; indexes are built afterwards,
which for the index on pieces of words is many times quicker. ``make seed-large`` and ``benchmarks.search`` use it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.seeding.names import drawn
from cloud.people import grams, likeness, names, phones
from cloud.people.search import Known

AT_ONCE = 20_000
PATIENT = (
    *("tenant_id", "id", "record_number", "family_name", "given_name", "birth_date", "sex", "language", "phone"),
    *("home_store_id", "name_key", "sound_key"),
)
CONTACT = ("tenant_id", "patient_id", "kind", "value", "normalized", "tail", "preferred")
SEARCH = ("tenant_id", "patient_id", "line", "sort_key", "grams")
TABLES = {"people_patient": PATIENT, "people_contact": CONTACT, "people_search": SEARCH}
_TODAY = date(2026, 11, 1)


def seed(
    connection: Connection, *, tenant: int, stores: Sequence[int], people: int, begin: int = 1, key: int = 20261122
) -> Iterator[str]:
    """Give a chain ``people`` more patients; yields what it is doing. The login must be a superuser's.

    Record numbers are L-0000001 and on from ``begin``; the same ``key`` draws the same people.
    """
    rng, first = Random(key), _reserved(connection, people)
    with _bare(connection, rebuild=people >= AT_ONCE):
        for done in range(0, people, AT_ONCE):
            some = range(done, min(done + AT_ONCE, people))
            made = [_person(rng, tenant, first + at, begin + at, stores) for at in some]
            for number, (table, columns) in enumerate(TABLES.items()):
                _copy(connection, table, columns, [rows[number] for rows in made if rows[number]])
            yield f"{min(done + AT_ONCE, people):,} of {people:,} patients"
        yield "indexes"
    connection.commit()
    for table in TABLES:
        connection.execute(text(f"ANALYZE {table}"))
    connection.commit()


def _reserved(connection: Connection, many: int) -> int:
    """The first of so many ids that nobody else gets."""
    asked = "SELECT setval(pg_get_serial_sequence('people_patient', 'id'), "
    asked += "nextval(pg_get_serial_sequence('people_patient', 'id')) + :many)"
    return int(connection.execute(text(asked), {"many": many}).scalar_one()) - many


@contextmanager
def _bare(connection: Connection, *, rebuild: bool) -> Iterator[None]:
    """Without triggers and, for many, without secondary indexes; those come back as they were."""
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(text("SET maintenance_work_mem = '1GB'"))
    dropped = _dropped(connection) if rebuild else []
    yield
    for definition in dropped:
        connection.exec_driver_sql(definition)
    connection.execute(text("SET session_replication_role = origin"))


def _dropped(connection: Connection) -> list[str]:
    """Indexes that no constraint needs, dropped; gives back how to make them again."""
    asked = text(
        "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i"
        " WHERE i.indrelid = ANY (CAST(:tables AS regclass[])) AND NOT i.indisunique"
    )
    found = connection.execute(asked, {"tables": list(TABLES)}).all()
    for index in found:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    return [index.definition for index in found]


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _person(
    rng: Random, tenant: int, patient_id: int, serial: int, stores: Sequence[int]
) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """A row of each table; somebody without a telephone has an empty contact."""
    family, given = drawn(rng)
    number, chinese = f"L-{serial:07}", bool(names.HAN.search(family))
    born = _TODAY - timedelta(days=int(36_000 * rng.random() ** 1.3))
    phone = _phone(rng, chinese=chinese)
    name_key, sound_key, sort_key = _keys(family, given)
    about = (
        born,
        rng.choice(("female", "male")),
        "zh" if chinese else "en",
        phone or None,
        rng.choice(stores or (None,)),
    )
    patient = (tenant, patient_id, number, family, given, *about, name_key, sound_key)
    tail, plain = phones.tail(phone), phones.normalized("mobile", phone)
    contact = (tenant, patient_id, "mobile", phone, plain, tail, True) if phone else ()
    words = [*_called(family, given), *Known("", "", (number,), (plain,), born).words()]
    pieces = {one for word in words for one in _pieces(tenant, word)}
    return patient, contact, (tenant, patient_id, f" {' '.join(words)} ", sort_key, sorted(pieces))


@lru_cache(500_000)
def _keys(family: str, given: str) -> tuple[str, str, str]:
    return likeness.name_key(family, given), likeness.sound_key(family, given), names.sort_key(family, given)


@lru_cache(500_000)
def _called(family: str, given: str) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(names.forms(family, given)) if word)


@lru_cache(500_000)
def _pieces(tenant: int, word: str) -> tuple[int, ...]:
    return tuple(grams.numbers(tenant, [word]))


def _phone(rng: Random, *, chinese: bool) -> str:
    if rng.random() < 0.06:
        return ""
    if chinese:
        return f"1{rng.choice('3578')}{rng.randrange(10**9):09}"
    return f"+44 7{rng.randrange(1000):03} {rng.randrange(10**6):06}"
