"""5,000 readings while gateways, broker, ingest and PostgreSQL are killed: none lost, none twice, all in order."""

import pytest

from tests.load.killing import KINDS, Plan, run


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("seed", "durable"), [(1, False), (2, True)], ids=["broker in memory", "broker on disk, disk deleted"]
)
async def test_whatever_is_killed_nothing_is_lost_or_doubled(seed, durable):
    outcome = await run(Plan(readings=5_000, seed=seed, durable=durable))

    assert outcome.findings.wrong == []
    assert (outcome.findings.lost, outcome.findings.doubled) == (0, 0)
    assert outcome.findings.safe >= 5_000
    assert outcome.findings.readings == outcome.findings.safe + outcome.findings.without_receipt
    assert min(outcome.kills[kind] for kind in KINDS) > 0
