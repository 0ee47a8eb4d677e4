"""The power cord is pulled at random places; see edge/outbox/opening.py for what is promised."""

import random

import pytest

from edge.outbox import Outbox
from edge.outbox.schema import PAGE
from tests.edge.outbox.conftest import BOOT, draft, everything, number_of, opened

SEEDS = 25
LOG_CUTS, LOG_TEARS, MAIN_TEARS = 16, 8, 16  # times SEEDS: a thousand places


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Files as a kill leaves them, and the length of the log after each commit."""
    import asyncio

    return asyncio.run(write_history(tmp_path_factory.mktemp("history") / "outbox.db"))


async def write_history(path):
    rng = random.Random(7)
    async with opened(path) as outbox:
        await outbox.put([draft(n, size=rng.randrange(900)) for n in range(200)])
        outbox.forget(20)
        await outbox._writer.do(lambda j: j.forget(20))
    async with opened(path) as outbox:
        commits, number = [], 200
        while number < 400:
            batch = [
                draft(n, size=rng.randrange(9000) if n % 17 == 0 else rng.randrange(900))
                for n in range(number, number + 4)
            ]
            await outbox.put(batch)
            number += 4
            commits.append((number, wal_of(path).stat().st_size))
        return {"main": path.read_bytes(), "wal": wal_of(path).read_bytes(), "commits": commits}


def wal_of(path):
    return path.with_name(path.name + "-wal")


def lay(folder, main, wal):
    path = folder / "outbox.db"
    path.write_bytes(main)
    if wal is not None:
        wal_of(path).write_bytes(wal)
    return path


async def survivors(path, boot=BOOT):
    async with opened(path, boot=boot) as outbox:
        rows = await everything(outbox)
        assert [r.seq for r in rows] == list(range(rows[0].seq, rows[-1].seq + 1)) if rows else True
        assert all(r.sound for r in rows)
        fresh = await outbox.put([draft(999_999)])
        assert fresh[0].seq == (rows[-1].seq if rows else outbox.last - 1) + 1
        return [number_of(r) for r in rows]


def tear(data, rng):
    """Zeroes, noise or an old sector where the card was writing."""
    at, length = rng.randrange(len(data)), rng.choice([1, 64, 512, 4096])
    spoiled = rng.choice([bytes(length), rng.randbytes(length), data[:length]])
    return (data[:at] + spoiled + data[at + length :])[: len(data)], at, length


@pytest.mark.edge(
    "EDGE-008",
    "However a power cut truncates the outbox's log, every result committed before the cut is there, in order.",
)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_log_cut_anywhere_loses_only_what_was_not_committed_before_the_cut(history, tmp_path, seed):
    rng = random.Random(seed)
    for n in range(LOG_CUTS):
        folder = tmp_path / str(n)
        folder.mkdir()
        at = rng.randrange(len(history["wal"]) + 1)
        path = lay(folder, history["main"], history["wal"][:at])
        safe = max((number for number, size in history["commits"] if size <= at), default=200)

        assert await survivors(path) == list(range(20, safe))


@pytest.mark.edge("EDGE-009", "A torn sector in the outbox's log costs nothing that was committed before it.")
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_torn_log_keeps_what_was_committed_before_the_tear(history, tmp_path, seed):
    rng = random.Random(1000 + seed)
    for n in range(LOG_TEARS):
        folder = tmp_path / str(n)
        folder.mkdir()
        wal, at, _ = tear(history["wal"], rng)
        safe = max((number for number, size in history["commits"] if size <= at), default=200)

        kept = await survivors(lay(folder, history["main"], wal))
        assert kept[: safe - 20] == list(range(20, safe))
        assert set(kept) <= set(range(20, 400)) and len(set(kept)) == len(kept)


def pages_of(data, numbers):
    """Where each row's own text lies, found by looking for it."""
    places = {}
    for number in numbers:
        at = data.find(b'"reading_id": "id-%06d"' % number)
        places[number] = at // PAGE
    return places


@pytest.mark.edge(
    "EDGE-010",
    "A torn or cut outbox file always opens, with every result that lay on an undamaged page.",
)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_torn_or_cut_main_file_always_opens_and_keeps_every_row_on_an_undamaged_page(history, tmp_path, seed):
    rng = random.Random(2000 + seed)
    main = history["main"]
    places = pages_of(main, range(20, 200))
    for n in range(MAIN_TEARS):
        folder = tmp_path / str(n)
        folder.mkdir()
        if rng.random() < 0.5:
            spoiled, at, length = tear(main, rng)
        else:
            at, length = rng.randrange(len(main)), len(main)
            spoiled = main[:at]
        broken = range(at // PAGE, (at + length - 1) // PAGE + 1)
        safe = {number for number, page in places.items() if page not in broken}

        kept = await survivors(lay(folder, spoiled, None))
        assert safe <= set(kept) | set(range(20))
        assert set(kept) <= set(range(200))


@pytest.mark.edge("EDGE-011", "A gateway whose storage holds nothing but noise opens a fresh outbox and takes results.")
async def test_both_files_may_be_noise_and_the_outbox_still_opens(tmp_path):
    rng = random.Random(3)
    path = lay(tmp_path, rng.randbytes(50_000), rng.randbytes(50_000))
    assert await survivors(path) == []


@pytest.mark.edge("EDGE-012", "A salvage of the outbox is reported, and the damaged files are kept.")
async def test_salvage_tells_of_itself_and_keeps_the_damaged_files(history, tmp_path):
    path = lay(tmp_path, b"gone" * 25 + history["main"][100:], None)
    async with opened(path) as outbox:
        assert [note["code"] for note in outbox.notes] == ["outbox_salvaged"]
        assert {number_of(r) for r in await everything(outbox)} >= set(range(20, 200))
    assert len(list(tmp_path.glob("*.damaged*"))) == 1


@pytest.mark.edge("EDGE-013", "A power cut in the midst of a salvage is made good at the next start.")
async def test_a_power_cut_during_salvage_is_made_good_at_the_next_start(history, tmp_path):
    path = lay(tmp_path, history["main"], None)
    path.rename(tmp_path / "outbox.db.salvaged")
    lay(tmp_path, b"x" * 9000, b"half moved")

    assert await survivors(path) == list(range(20, 200))


@pytest.mark.edge("EDGE-014", "A stored result whose bytes rot on the card is set aside and never sent.")
async def test_a_row_that_rots_in_place_is_set_aside_and_never_sent(history, tmp_path):
    at = history["main"].find(b'"reading_id": "id-000100"') + 40
    path = lay(tmp_path, history["main"][:at] + b"?" + history["main"][at + 1 :], None)
    async with opened(path) as outbox:
        numbers = [number_of(r) for r in await everything(outbox)]
        assert numbers == [n for n in range(20, 200) if n != 100]
        assert (await outbox.depth()).dead == 1
        assert outbox.notes[0]["code"] == "outbox_mended"


@pytest.mark.edge("EDGE-015", "Damage to the outbox that is found while running is salvaged without a restart.")
async def test_damage_found_while_running_is_salvaged_without_a_restart(history, tmp_path):
    path = lay(tmp_path, history["main"], None)
    async with opened(path) as outbox:
        first = outbox.epoch
        await outbox._writer.do(lambda j: None)
        data = bytearray(path.read_bytes())
        data[PAGE : PAGE * 12] = b"\xff" * (PAGE * 11)
        with path.open("r+b") as file:
            file.write(bytes(data))
        await outbox._writer.do(lambda j: j.db.execute("PRAGMA shrink_memory").fetchall())
        await outbox.put([draft(5000 + n) for n in range(60)])
        rows = await everything(outbox)
        assert outbox.epoch != first
        assert [number_of(r) for r in rows][-60:] == list(range(5000, 5060))


async def test_it_opens_again_and_again(tmp_path):
    found = []
    for n in range(3):
        outbox = await Outbox.open(tmp_path / "outbox.db", boot=BOOT)
        await outbox.put([draft(n)])
        found.append((outbox.epoch, [number_of(row) for row in await everything(outbox)], outbox.notes))
        await outbox.aclose()

    epoch = found[0][0]
    assert found == [(epoch, [0], []), (epoch, [0, 1], []), (epoch, [0, 1, 2], [])]
