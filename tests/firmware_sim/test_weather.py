"""The weather is bad, but the same seed has the same weather."""

import pytest

from firmware_sim.weather import Weather
from firmware_sim.wires import null_modem

WORDS = [bytes(range(256))] * 4


async def heard(weather, words=WORDS):
    ours, theirs = null_modem()
    outdoors = weather.over(ours)
    for word in words:
        await outdoors.write(word)
    await ours.aclose()
    return [chunk async for chunk in theirs]


async def test_the_same_seed_has_the_same_weather():
    first = await heard(Weather(5, drop=0.1, corrupt=0.1, drip=0.5))

    assert first == await heard(Weather(5, drop=0.1, corrupt=0.1, drip=0.5))
    assert first != await heard(Weather(6, drop=0.1, corrupt=0.1, drip=0.5))


async def test_fair_weather_changes_nothing():
    assert await heard(Weather(1)) == WORDS


async def test_dripping_cuts_every_byte_and_loses_none():
    chunks = await heard(Weather(1, drip=1.0))

    assert set(map(len, chunks)) == {1}
    assert b"".join(chunks) == b"".join(WORDS)


async def test_dropping_loses_and_corrupting_bends():
    assert 500 < len(b"".join(await heard(Weather(1, drop=0.3)))) < 950
    bent = b"".join(await heard(Weather(1, corrupt=0.3)))
    wrong = [(a ^ b).bit_count() for a, b in zip(bent, b"".join(WORDS), strict=True) if a != b]
    assert 200 < len(wrong) < 420
    assert set(wrong) == {1}


async def test_what_the_instrument_hears_is_bent_too():
    ours, theirs = null_modem()
    outdoors = Weather(1, corrupt=1.0).over(ours)
    await theirs.write(b"\x00" * 20)

    assert 0 not in await anext(aiter(outdoors))


async def test_the_plug_comes_out_and_goes_back_in():
    class Plug:
        pulled = []

        async def unplug(self):
            self.pulled.append("out")

        async def replug(self):
            self.pulled.append("in")

        async def write(self, data):
            self.pulled.append(data)

    await Weather(1, unplug=1.0, away=0.0).over(Plug()).write(b"x")

    assert Plug.pulled == ["out", "in", b"x"]


async def test_the_sun_comes_out():
    weather = Weather(1, drop=1.0)
    assert await heard(weather) == [b""] * 4
    weather.clear()
    assert await heard(weather) == WORDS


def test_weather_is_written_in_words():
    climate = Weather.parse("drop=0.01, drip=1").climate

    assert (climate.drop, climate.drip, climate.corrupt) == (0.01, 1.0, 0.0)


@pytest.mark.parametrize("text", ["rain", "drop=lots", "snow=1"])
def test_weather_nobody_has_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="weather"):
        Weather.parse(text)
