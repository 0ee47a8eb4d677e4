"""What a voice says: espeak-ng really speaks, a process really plays, and beside each sound lies what it is made of."""

import asyncio
import io
import math
import shutil
import subprocess
import sys
import wave
from array import array
from itertools import pairwise

import pytest

from edge.callers import phrases, sound
from edge.callers.clips import Clips
from edge.callers.settings import VoiceSettings
from tests.edge.callers.store import called, said, until

speaks = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not on this machine")
pytestmark = [pytest.mark.peer, speaks]
EN = ["en/number", "en/letter.A", "en/digit.0", "en/digit.1", "en/digit.2", "en/to", "en/room.room", "en/count.3"]
ZH = [
    *("zh/please", "zh/letter.A", "zh/digit.0", "zh/digit.1", "zh/digit.2", "zh/number", "zh/to"),
    *("zh/count.3", "zh/room.number", "zh/room.room"),
]


def ids(call, languages=("en",), repeat=2):
    return [one.id for one in phrases.sentence(call, list(languages), repeat)]


def opened(file):
    with wave.open(io.BytesIO(file)) as found:
        return found.getparams()[:3], found.readframes(found.getnframes())


def test_the_chime_comes_first_the_number_before_the_place_and_all_of_it_twice():
    assert ids(called()) == ["chime", *EN, "pause", *EN]


def test_each_language_in_turn():
    assert ids(called(), ["zh", "en"], 1) == ["chime", *ZH, "pause", *EN]


def test_one_is_read_yao_in_a_ticket_and_yi_in_a_room():
    found = {one.id: one.text for one in phrases.sentence(called("A111", place={"zh": "1号诊室"}), ["zh"], 1)}
    assert (found["zh/digit.1"], found["zh/count.1"]) == ("幺", "1")
    read = [
        subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-q", "-x", text], capture_output=True, text=True).stdout
        for text in ("幺", "1")
    ]
    assert "jAu55" in read[0].replace("'", "") and "i55" in read[1]


def test_a_place_nobody_listed_is_read_as_it_is_written():
    found = phrases.sentence(called(place={"en": "Blue Door 12"}), ["en"], 1)
    assert [(one.id, one.text) for one in found[-2:]] == [("en/said", "Blue Door"), ("en/count.12", "12")]


def test_a_call_to_no_place_names_none():
    assert ids(called(place={}), repeat=1) == ["chime", *EN[:5]]


def test_a_name_is_spoken_without_its_mask_and_kept_nowhere():
    (who,) = [one for one in phrases.sentence(called(who="张*"), ["zh"], 1) if one.id == "zh/who"]
    assert (who.text, who.kept) == ("张", False)


@pytest.mark.parametrize("language", phrases.known())
def test_every_phrase_of_the_table_can_be_named(language):
    words = {one.id for one in phrases.lasting(language)}
    assert {f"{language}/digit.{n}" for n in range(10)} | {
        f"{language}/letter.{one}" for one in phrases.LETTERS
    } < words
    assert all(one.text for one in phrases.lasting(language))


@pytest.mark.parametrize("language", phrases.known())
def test_every_place_that_is_listed_has_its_words(language):
    table = phrases._table()[language]
    for written in table["places"]:
        said = phrases.sentence(called(place={language: written}), [language], 1)
        assert not any(one.id.endswith("/said") for one in said), written


async def test_what_is_played_is_the_sum_of_its_clips(store):
    store.voice()
    async with store.open() as callers:
        assert (await said(callers, called(languages=["zh", "en"])))[-1] == {"hall": ("spoken", "")}
        clips = callers.kept["hall"].device._clips
        lasting = [len(await clips.clip(one)) for one in phrases.sentence(called(), ["zh", "en"], 2)]
    ((_, _, words, file),) = store.heard()
    assert words == ["chime", *ZH, "pause", *ZH, "pause", *EN, "pause", *EN]
    shape, pcm = opened(file)
    assert shape == (1, 2, 22_050)
    assert len(pcm) == sum(lasting) and 8 < sound.seconds(pcm) < 40


async def test_every_phrase_is_about_as_loud_as_the_others(tmp_path):
    clips = Clips(tmp_path, VoiceSettings())
    for language in phrases.known():
        for phrase in phrases.lasting(language)[:12]:
            spoken = array("h", (await clips.clip(phrase))[: -2 * int(sound.TAIL_S * sound.RATE)])
            loud = math.sqrt(sum(one * one for one in spoken) / len(spoken))
            assert 0.5 * sound.LOUD < loud < 1.05 * sound.LOUD, phrase.id
            assert max(map(abs, spoken)) <= sound.CEILING


async def test_a_known_phrase_is_synthesised_once_and_outlives_a_restart(tmp_path, monkeypatch):
    digit = phrases.lasting("en")[2]
    first = await Clips(tmp_path, VoiceSettings()).clip(digit)
    monkeypatch.setenv("PATH", "/nowhere")
    assert await Clips(tmp_path, VoiceSettings()).clip(digit) == first


async def test_a_name_never_reaches_the_disk(store):
    store.voice()
    async with store.open() as callers:
        await said(callers, called(who="Okafor"))
    kept = [str(one) for one in (store.folder / "data").rglob("*.wav")]
    assert kept and not any("who" in one or "Okafor" in one for one in kept)
    assert "en/who" in store.heard()[0][2]


async def test_a_clip_that_somebody_spoke_is_played_instead(store):
    clip = sound.silence(0.2)
    (store.folder / "clips" / "en").mkdir(parents=True)
    (store.folder / "clips" / "en" / "number.wav").write_bytes(sound.as_wav(clip))
    (store.folder / "clips" / "en" / "to.wav").write_bytes(b"RIFF no sound")
    store.voice(clips="clips")
    async with store.open() as callers:
        await said(callers, called())
        found = callers.kept["hall"].device._clips
        spoken = [await found.clip(one) for one in phrases.sentence(called(), ["en"], 1)[1:7]]
    assert spoken[0] == clip and len(spoken[5]) > 1000


async def test_two_calls_in_a_zone_are_never_spoken_at_once_even_by_two_voices(store):
    store.voice("hall", lasts=0.2, zone="below")
    store.voice("stairs", lasts=0.2, zone="below")
    async with store.open() as callers:
        await asyncio.gather(*(said(callers, called(f"A00{n}")) for n in range(3)))
    played = sorted(store.heard())
    assert len(played) == 6
    assert all(before[1] <= after[0] for before, after in pairwise(played))


async def test_zones_do_not_wait_for_each_other(store):
    store.voice("below", lasts=0.5, zone="below")
    store.voice("above", lasts=0.5, zone="above")
    async with store.open() as callers:
        await said(callers, called())
    (first, second) = store.heard()
    assert first[0] < second[1] and second[0] < first[1]


async def test_a_call_of_the_same_ticket_that_waits_is_replaced_and_not_doubled(store):
    store.voice(lasts=0.6)
    async with store.open() as callers:
        first = asyncio.ensure_future(said(callers, called("A001")))
        await until(lambda: list(store.played.glob("*.txt")))
        second = asyncio.ensure_future(said(callers, called("A002")))
        await asyncio.sleep(0.2)
        third = asyncio.ensure_future(said(callers, called("A002", turn=2, place={"en": "Room 5"})))
        found = [(await one)[-1]["hall"] for one in (first, second, third)]
    assert [state for state, _ in found] == ["spoken", "failed", "spoken"]
    assert "the later call is spoken in its place" in found[1][1]
    assert [words[-1] for _, _, words, _ in store.heard()] == ["en/count.3", "en/count.5"]


async def test_a_call_taken_back_while_it_waits_is_never_spoken(store):
    store.voice(lasts=0.4)
    async with store.open() as callers:
        first = asyncio.ensure_future(said(callers, called("A001")))
        await until(lambda: list(store.played.glob("*.txt")))
        second = asyncio.ensure_future(said(callers, called("A002")))
        await asyncio.sleep(0.15)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await asyncio.sleep(0.2)
    assert len(store.heard()) == 1


async def test_a_player_that_fails_or_is_missing_says_so(store):
    store.caller("mute", "voice", player=["no-such-player"], zone="a")
    store.caller("broken", "voice", player=[sys.executable, "-c", "raise SystemExit(3)"], zone="b")
    async with store.open() as callers:
        found = (await said(callers, called()))[-1]
        assert callers.kept["mute"].report().state == "lost"
    assert found["mute"][0] == found["broken"][0] == "failed"
    assert "no-such-player, is not on this gateway" in found["mute"][1]
    assert "failed (3). Check the loudspeaker" in found["broken"][1]


async def test_without_espeak_a_voice_says_what_to_install(store, monkeypatch):
    store.voice()
    monkeypatch.setattr("edge.callers.clips.ESPEAK", "no-such-espeak")
    async with store.open() as callers:
        ((state, why),) = (await said(callers, called()))[-1].values()
    assert state == "failed" and "apt install espeak-ng" in why


async def test_the_languages_of_a_voice_narrow_those_of_a_call(store):
    store.voice(languages=["zh"])
    async with store.open() as callers:
        await said(callers, called(languages=["en", "zh"]))
    assert store.heard()[0][2] == ["chime", *ZH, "pause", *ZH]
