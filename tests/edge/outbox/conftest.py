import contextlib
import json

import pytest

from edge.outbox import Draft, Limits, Outbox

BOOT = "boot-1"


def draft(number, kind="reading", size=300):
    body = json.dumps({"kind": "tonometry", "reading_id": f"id-{number:06}", "pad": "x" * size}).encode()
    return Draft(kind, "tono", "drv", "1", "2026-11-21T10:00:00Z", 1000 + number, '{"state":"coarse"}', BOOT, body)


def number_of(row):
    return int(json.loads(row.body)["reading_id"][3:])


async def everything(outbox):
    rows, after = [], 0
    while page := await outbox.page(after):
        rows += page
        after = page[-1].seq
    return rows


@contextlib.asynccontextmanager
async def opened(path, boot=BOOT, **more):
    more.setdefault("limits", Limits(floor_bytes=0))
    outbox = await Outbox.open(path, boot=boot, **more)
    try:
        yield outbox
    finally:
        await outbox.aclose()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outbox.db"


@pytest.fixture
async def outbox(path):
    async with opened(path) as outbox:
        yield outbox
