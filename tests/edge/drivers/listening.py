"""What every driver must do that only listens, over a null modem, in fair and in foul weather.

A family says in a subclass who its driver is, which simulated instruments hang on it, which of them stands in the
storm, what a whole print-out is, and what a torn one.
"""

from typing import Any, ClassVar

import pytest

from firmware_sim.weather import Weather
from protocols.framing import Garbled, Transmission
from tests.edge.drivers.one_driver import Desk, kept_of


class Listens:
    """A family's own ``TestListening`` inherits from here."""

    driver: ClassVar[Any]
    instruments: ClassVar[dict[str, Any]]
    stormy: ClassVar[Any]
    whole: ClassVar[bytes]
    torn: ClassVar[bytes]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Once for each instrument of the family."""
        if "kind" in metafunc.fixturenames:
            metafunc.parametrize("kind", self.instruments.values())

    @pytest.fixture
    async def desk(self):
        """A driver at work."""
        at = Desk(self.driver({}))
        yield at
        await at.close()

    async def test_a_simulated_instrument_is_heard_byte_for_byte(self, desk, kind):
        instrument = kind(desk.theirs, seed=7)
        await instrument.measure()
        printed = await instrument.print()

        event = await desk.next()
        assert isinstance(event, Transmission)
        assert event.raw == printed.raw

    async def test_what_was_pending_when_the_wire_failed_is_kept(self):
        kept = await kept_of(self.driver({}), self.whole[:40], self.whole[40:] + self.torn)

        assert [type(event) for event in kept] == [Transmission, Garbled]
        assert b"".join(event.raw for event in kept) == self.whole + self.torn

    @pytest.mark.parametrize("seed", range(2))
    async def test_bad_weather_costs_no_good_print_out(self, desk, seed):
        weather = Weather(seed, drop=0.001, corrupt=0.001)
        instrument = self.stormy(weather.over(desk.theirs), seed=seed)
        for _ in range(3):
            await instrument.measure()
            await instrument.print()
        weather.clear()
        await instrument.measure()
        fair = await instrument.print()

        event = await desk.until(fair.raw)
        assert isinstance(event, Transmission)
        assert all(isinstance(one, Transmission | Garbled) for one in desk.events)
