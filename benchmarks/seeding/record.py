"""Examinations by the million, made inside PostgreSQL: nothing crosses the wire but the statements.

Every patient gets visits of a refraction kind with twenty observations each; one in a thousand has a history of
twenty years. Triggers and foreign keys rest meanwhile (the rows are right by construction), indexes are built after.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

TABLES = ("clinic_episode", "clinic_encounter", "clinic_version", "clinic_observation", "clinic_figure")
LONG = 40  # visits of a patient with twenty years
PER_VISIT = 20

EPISODES = """
INSERT INTO clinic_episode (tenant_id, patient_id, kind, opened_at, opened_by)
SELECT tenant_id, id, 'general', now() - interval '20 years', :staff FROM people_patient WHERE tenant_id = :tenant
"""
# a twenty-year patient every 1000; the others share what is left of the observations evenly
ENCOUNTERS = """
INSERT INTO clinic_encounter (tenant_id, patient_id, episode_id, store_id, template, template_version, layout, mode,
    began_at, began_by)
SELECT e.tenant_id, e.patient_id, e.id, :store, 'routine_adult', 1,
    '[{"element": "visual_acuity", "mandatory": true}, {"element": "manifest", "mandatory": false},
      {"element": "iop", "mandatory": false}, {"element": "recall", "mandatory": true}]', 'in_person',
    now() - (v * 183 + random() * 90) * interval '1 day', :staff
FROM clinic_episode e
CROSS JOIN LATERAL generate_series(1, CASE WHEN e.patient_id % 1000 = 0 THEN :long ELSE :each END) v
WHERE e.tenant_id = :tenant AND (e.patient_id % 1000 = 0 OR e.patient_id % :of < :visited)
"""
VERSIONS = """
INSERT INTO clinic_version (tenant_id, encounter_id, number, act, signed_by, signed_at, body, sha256)
SELECT tenant_id, id, 1, 'signed', :staff, began_at + interval '30 minutes', body,
    encode(sha256(convert_to(body, 'UTF8')), 'hex')
FROM (SELECT *, '{"schema":"emmetra.record/1","encounter":{"id":' || id || '},"entries":[]}' AS body
      FROM clinic_encounter WHERE tenant_id = :tenant) e
"""
# element, field, side, figure (as SQL), unit: the twenty of a visit
FIGURES = (
    *((e, f, s, sql, "D") for e in ("autorefraction", "manifest") for s in "RL" for f, sql in (
        ("sphere", "round((random() * 32 - 24)::numeric) / 4"),
        ("cylinder", "-round((random() * 10)::numeric) / 4"),
        ("axis", "round((random() * 179)::numeric) + 1"),
    )),
    *(("iop", "iop", s, "round((10 + random() * 12)::numeric)", "mm[Hg]") for s in "RL"),
    *(("biometry", "axial_length", s, "round((22 + random() * 4)::numeric, 2)", "mm") for s in "RL"),
)  # fmt: skip
OBSERVATIONS = """
INSERT INTO clinic_observation (tenant_id, version_id, encounter_id, patient_id, element, n, field, side, type_version,
    entered, number, base, words, notation, unit, measured_at, recorded_at, recorded_by, origin, confirmed, quality)
SELECT e.tenant_id, v.id, e.id, e.patient_id, k.element, 1, k.field, k.side, 1,
    CASE WHEN k.field LIKE 'distance%' THEN (ARRAY['6/6', '6/9', '6/7.5', '6/12', '6/5'])[1 + f.line]
         ELSE f.figure::text END,
    CASE WHEN k.field LIKE 'distance%' THEN NULL ELSE f.figure END,
    CASE WHEN k.field LIKE 'distance%' THEN (ARRAY[110, 101, 105, 95, 114])[1 + f.line] ELSE f.figure END,
    CASE WHEN k.field LIKE 'distance%' THEN (ARRAY['6/6', '6/9', '6/7.5', '6/12', '6/5'])[1 + f.line] END,
    CASE WHEN k.field LIKE 'distance%' THEN 'snellen_m' END, k.unit,
    e.began_at, e.began_at, :staff, 'manual', true, 'ok'
FROM clinic_encounter e
JOIN clinic_version v ON v.tenant_id = e.tenant_id AND v.encounter_id = e.id
CROSS JOIN (VALUES {kinds}) AS k (element, field, side, unit, kind)
CROSS JOIN LATERAL (SELECT CASE k.kind {figures} END AS figure, floor(random() * 5)::int AS line, e.id) f
WHERE e.tenant_id = :tenant AND e.id >= :low AND e.id < :high
"""
# what signing writes beside them, for the figures that cases are looked for by
SEARCHED = """
INSERT INTO clinic_figure (tenant_id, version_id, encounter_id, patient_id, element, n, side, code, thousandths,
    found_at)
SELECT o.tenant_id, o.version_id, o.encounter_id, o.patient_id, o.element, o.n, o.side,
    CASE o.element WHEN 'iop' THEN 'iop' WHEN 'biometry' THEN 'axial_length' ELSE 'se_manifest' END,
    round((o.number + coalesce(c.number, 0) / 2) * 1000)::bigint, o.measured_at
FROM clinic_observation o
LEFT JOIN clinic_observation c ON o.element = 'manifest' AND c.tenant_id = o.tenant_id AND c.version_id = o.version_id
    AND c.element = 'manifest' AND c.side = o.side AND c.n = o.n AND c.field = 'cylinder'
WHERE o.tenant_id = :tenant
    AND (o.element, o.field) IN (('iop', 'iop'), ('biometry', 'axial_length'), ('manifest', 'sphere'))
"""
ACUITIES = tuple(("visual_acuity", f"distance_{kind}", side, "", "") for kind in ("habitual", "best") for side in "RL")
STEP = 20_000  # encounters a statement


def seed(connection: Connection, *, tenant: int, store: int, staff: int, observations: int) -> Iterator[str]:
    """Give a chain's patients their visits; yields what it is doing. The login must be a superuser's."""
    people = connection.scalar(text("SELECT count(*) FROM people_patient WHERE tenant_id = :t"), {"t": tenant}) or 0
    long_ones = people // 1000 * LONG
    visits = max(0, observations // PER_VISIT - long_ones)
    each = max(1, -(-visits // max(1, people)))
    visited = max(1, round(1000 * visits / each / max(1, people)))
    who = {"tenant": tenant, "store": store, "staff": staff}
    with _bare(connection):
        yield f"{people:,} episodes"
        connection.execute(text(EPISODES), who)
        yield f"{visits + long_ones:,} visits"
        connection.execute(text(ENCOUNTERS), {**who, "long": LONG, "each": each, "of": 1000, "visited": visited})
        connection.execute(text(VERSIONS), who)
        yield from _observations(connection, who)
        yield "figures to search"
        connection.execute(text("ANALYZE clinic_observation"))
        connection.execute(text(SEARCHED.replace("::", "\\:\\:")), {"tenant": tenant})
        yield "indexes"


def _observations(connection: Connection, who: dict[str, int]) -> Iterator[str]:
    kinds = (*FIGURES, *ACUITIES)
    rows = ", ".join(f"('{e}', '{f}', '{s}', NULLIF('{u}', ''), {at})" for at, (e, f, s, _, u) in enumerate(kinds))
    figures = " ".join(f"WHEN {at} THEN {sql}" for at, (_, _, _, sql, _) in enumerate(kinds) if sql)
    statement = text(OBSERVATIONS.format(kinds=rows, figures=figures).replace("::", "\\:\\:"))
    span = text("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM clinic_encounter WHERE tenant_id = :tenant")
    low, high = connection.execute(span, who).one()
    for at in range(low, high + 1, STEP):
        connection.execute(statement, {**who, "low": at, "high": at + STEP})
        connection.commit()
        yield f"observations {100 * (at + STEP - low) // (high + 1 - low):>3} %"


@contextmanager
def _bare(connection: Connection) -> Iterator[None]:
    """Without triggers, foreign keys and secondary indexes while rows pour in."""
    query = text(
        "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index"
        " WHERE indrelid = ANY (CAST(:tables AS regclass[])) AND NOT indisunique".replace("::", "\\:\\:")
    )
    indexes = connection.execute(query, {"tables": list(TABLES)}).all()
    connection.execute(text("SET session_replication_role = replica"))
    for one in indexes:
        connection.execute(text(f"DROP INDEX {one.name}"))
    connection.commit()
    yield
    connection.execute(text("SET maintenance_work_mem = '512MB'"))
    for one in indexes:
        connection.execute(text(one.made))
    connection.execute(text("SET session_replication_role = DEFAULT"))
    connection.commit()
    for table in TABLES:
        connection.execute(text(f"ANALYZE {table}"))
    connection.commit()
