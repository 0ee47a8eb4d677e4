"""The dry run: what every row says, whether somebody is there already, and what is wrong. Writes no patient."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import json
from sqlalchemy import text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.imports import cells, queries
from cloud.imports.cells import Entry, Way
from cloud.imports.choices import Field, Verdict
from cloud.imports.models import Batch, Row
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.people.likeness import Traits
from cloud.people.names import fold
from cloud.people.phones import TELEPHONES

_KEEP = text("""
    UPDATE imports_row SET entry = found.entry, number_key = found.number_key, who_key = found.who_key,
        verdict = found.verdict, problems = found.problems, patient_id = found.patient_id
    FROM jsonb_to_recordset(CAST(:found AS jsonb)) AS found (id bigint, entry jsonb, number_key text, who_key text,
        verdict text, problems jsonb, patient_id bigint)
    WHERE imports_row.tenant_id = :tenant AND imports_row.id = found.id
""")


def way_of(session: Session, batch: Batch) -> Way:
    """How this file is to be read."""
    stores = {word: one.id for one in accounts.all_stores(session) for word in (fold(one.name), fold(one.slug))}
    order, home = batch.options.get("order", "ymd"), batch.options.get("store_id")
    return Way(batch.mapping, now().date(), order, stores, home)


def check(session: Session, batch: Batch, rows: Sequence[Row], way: Way) -> None:
    """Give each of these rows its verdict."""
    entries = [cells.parse(row.cells, way) for row in rows]
    numbers, whos = [_number(one) for one in entries], [_who(one) for one in entries]
    wanted = {"numbers": {one for one in numbers if one}, "whos": {one for one in whos if one}}
    lines = queries.earlier(session, batch.id, rows[0].number, **wanted)
    taken = people.by_number(session, wanted["numbers"])
    alike = people.resembling(session, [_traits(one) for one in entries])
    found = list[dict[str, Any]]()
    for row, entry, number, who, like in zip(rows, entries, numbers, whos, alike, strict=True):
        _compare(entry, lines.get(f"n {number}") if number else None)
        twin = lines.get(f"w {who}") if who else None
        verdict, patient = _verdict(entry, taken.get(number or ""), like, twin)
        if verdict == Verdict.LIKELY:
            entry.problems.append(_resembles(twin))
        lines.setdefault(f"n {number}", row.number)
        lines.setdefault(f"w {who}", row.number)
        found.append(_kept(row, entry, number, who, verdict, patient))
    _keep(session, found)


def _number(entry: Entry) -> str | None:
    number: str | None = entry.person.get("record_number")
    return number[:40] if number else None


def _who(entry: Entry) -> str | None:
    """Name and birth date, by which two rows of one file are seen to be one person."""
    name, born = _traits(entry).name_key, entry.person.get("birth_date")
    return f"{name} {born}"[:220] if name and born else None


def _traits(entry: Entry) -> Traits:
    said = entry.person.get
    family, given = said("family_name") or "", said("given_name") or ""
    return people.traits(
        family_name=family,
        given_name=given,
        birth_date=date.fromisoformat(born) if (born := said("birth_date")) else None,
        sex=said("sex"),
        id_number=said("id_number"),
        telephones=[value for kind, value in entry.contacts if kind in TELEPHONES],
        emails=[value for kind, value in entry.contacts if kind == "email"],
    )


def _compare(entry: Entry, line: int | None) -> None:
    if line is not None:
        entry.problems.append({"code": "twice", "field": Field.RECORD_NUMBER, "column": None, "line": line})


def _verdict(entry: Entry, same: int | None, like: int | None, twin: int | None) -> tuple[Verdict, int | None]:
    if entry.problems:
        return Verdict.BAD, None
    if same is not None:
        return Verdict.SAME, same
    return (Verdict.LIKELY, like) if like or twin else (Verdict.NEW, None)


def _resembles(twin: int | None) -> dict[str, Any]:
    code = "like_line" if twin else "like_patient"
    return {"code": code, "field": Field.FAMILY_NAME, "column": None, "line": twin}


def _kept(
    row: Row, entry: Entry, number: str | None, who: str | None, verdict: Verdict, patient: int | None
) -> dict[str, Any]:
    told = {"person": entry.person, "contacts": entry.contacts, "tags": entry.tags}
    keys = {"id": row.id, "number_key": number, "who_key": who}
    return {**keys, "entry": told, "verdict": verdict, "problems": entry.problems, "patient_id": patient}


def _keep(session: Session, found: list[dict[str, Any]]) -> None:
    session.execute(_KEEP, {"found": json.encode(found).decode(), "tenant": current_tenant()})
