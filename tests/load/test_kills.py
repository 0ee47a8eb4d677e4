"""5,000 readings while everything is killed, filled up, silenced, put wrong or updated: none lost, none twice."""

import pytest

from tests.load.killing import Plan, run


@pytest.mark.edge(
    "EDGE-001",
    "Kills, wiped brokers, wrong clocks, full disks, dead lines, updates: no reading lost, none doubled, all in order.",
)
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("seed", "durable"), [(1, False), (2, True)], ids=["broker in memory", "broker on disk, disk deleted"]
)
async def test_whatever_is_killed_nothing_is_lost_or_doubled(seed, durable):
    outcome = await run(Plan(readings=5_000, seed=seed, durable=durable, pause=0.6, rate=600.0))

    assert outcome.findings.wrong == []
    assert (outcome.findings.lost, outcome.findings.doubled) == (0, 0)
    assert outcome.findings.safe >= 5_000
    assert outcome.findings.readings == outcome.findings.safe + outcome.findings.without_receipt
    assert [kind for kind in outcome.possible if outcome.troubles[kind] == 0] == []
