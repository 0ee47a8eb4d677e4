"""Reading figures back for plots, wherever they were kept; the chain is always forced by us, never asked for."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from cloud.kernel.settings import Settings
from cloud.telemetry import queries
from cloud.telemetry.choices import PATIENCE_S
from cloud.telemetry.errors import NotToBeHad
from cloud.telemetry.series import Values, Window, is_counter
from protocols.envelope import Address

MEASUREMENTS = ("emmetra_gateway", "emmetra_instrument")


@dataclass(frozen=True, slots=True)
class Whose:
    """A gateway of the chain whose unit of work this is; the address was read from that chain's own rows."""

    session: Session
    gateway_id: int
    address: Address


class TelemetrySource(Protocol):
    """Reads a gateway's figures."""

    def steps(self, whose: Whose, names: Collection[str], window: Window) -> dict[str, Values]:
        """Values by figure, of an instrument's by ``frames_ok lens-1``. Raises NotToBeHad."""


class SqlSource:
    """The bounded table; its row policy knows the chain."""

    def steps(self, whose: Whose, names: Collection[str], window: Window) -> dict[str, Values]:
        """See TelemetrySource."""
        return queries.steps(whose.session, whose.gateway_id, names, window)


class PromSource:
    """VictoriaMetrics, or anything else that answers ``/api/v1/query_range`` and names series as it does."""

    def __init__(self, settings: Settings) -> None:
        self._url, self._token = (settings.influx_url or "").rstrip("/"), settings.influx_token

    def steps(self, whose: Whose, names: Collection[str], window: Window) -> dict[str, Values]:
        """See TelemetrySource. Two questions: the highest of gauges, the last of counters."""
        found: dict[str, Values] = {}
        for function, mine in (
            ("max_over_time", [name for name in names if not is_counter(name)]),
            ("last_over_time", [name for name in names if is_counter(name)]),
        ):
            if mine:
                query = f"{function}({_selector(whose.address, mine)}[{window.seconds}s]) keep_metric_names"
                found |= dict(_series(self._ask(query, window)))
        return found

    def _ask(self, query: str, window: Window) -> Any:
        import urllib3

        # a value at the very start would cover what lies before the window
        first = int(window.start.timestamp()) + window.seconds
        asked = {"query": query, "start": str(first), "end": str(int(window.end.timestamp()))}
        body = urlencode({**asked, "step": f"{window.seconds}s", "nocache": "1"})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._token:
            headers["Authorization"] = f"Token {self._token}"
        try:
            answer = urllib3.request(
                "POST",
                f"{self._url}/api/v1/query_range",
                body=body,
                headers=headers,
                timeout=PATIENCE_S,
                retries=False,
            )
            if answer.status != 200:
                raise NotToBeHad(f"the store of figures answered {answer.status}")
            return answer.json()["data"]["result"]
        except (urllib3.exceptions.HTTPError, ValueError, KeyError) as trouble:
            raise NotToBeHad(type(trouble).__name__) from None


def _selector(address: Address, names: Collection[str]) -> str:
    """Series of one gateway of one chain; slugs and figures hold no letter that needs escaping."""
    kinds = "|".join(f"{measurement}_{name}" for measurement in MEASUREMENTS for name in sorted(names))
    place = f'tenant="{address.tenant}",store="{address.store}",gateway="{address.gateway}"'
    return f'{{__name__=~"{kinds}",{place}}}'


def _series(result: Any) -> Iterator[tuple[str, Values]]:
    for series in result:
        labels = series["metric"]
        name = labels["__name__"]
        for measurement in MEASUREMENTS:
            name = name.removeprefix(f"{measurement}_")
        name = f"{name} {labels['device']}" if "device" in labels else name
        yield name, [(datetime.fromtimestamp(at, UTC), float(value)) for at, value in series["values"]]


class FluxSource:
    """A true InfluxDB 2, asked in Flux."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def steps(self, whose: Whose, names: Collection[str], window: Window) -> dict[str, Values]:
        """See TelemetrySource."""
        found: dict[str, Values] = {}
        for function, mine in (
            ("max", [name for name in names if not is_counter(name)]),
            ("last", [name for name in names if is_counter(name)]),
        ):
            if mine:
                found |= self._ask(flux(self._settings.influx_bucket, whose.address, mine, window, function))
        return found

    def _ask(self, query: str) -> dict[str, Values]:
        from influxdb_client.client.influxdb_client import InfluxDBClient
        from influxdb_client.rest import ApiException
        from urllib3.exceptions import HTTPError

        given = self._settings
        found: dict[str, list[tuple[datetime, float]]] = {}
        try:
            with InfluxDBClient(
                given.influx_url or "", token=given.influx_token, org=given.influx_org, timeout=PATIENCE_S * 1000
            ) as client:
                for record in client.query_api().query_stream(query):
                    dev = record.values.get("device")
                    name = f"{record.get_field()} {dev}" if dev else str(record.get_field())
                    found.setdefault(name, []).append((record.get_time(), float(record.get_value())))
        except (ApiException, HTTPError) as trouble:
            raise NotToBeHad(type(trouble).__name__) from None
        return dict(found)


def flux(bucket: str, address: Address, names: Collection[str], window: Window, function: str) -> str:
    """The question; Flux's windows are ``[t, t + step)``, so everything is asked a second earlier than it is."""
    place = " and ".join(f"r.{tag} == {json.dumps(getattr(address, tag))}" for tag in ("tenant", "store", "gateway"))
    fields = " or ".join(f"r._field == {json.dumps(name)}" for name in sorted(names))
    start, end = (int(at.timestamp()) for at in (window.start, window.end))
    return (
        f"from(bucket: {json.dumps(bucket)}) |> range(start: {start + 1}, stop: {end + 1})"
        f" |> filter(fn: (r) => {place} and ({fields}))"
        " |> timeShift(duration: -1s)"
        f" |> aggregateWindow(every: {window.seconds}s, fn: {function}, createEmpty: false)"
    )


def source(settings: Settings) -> TelemetrySource | None:
    """Where these settings' figures are read back from; None where none are kept."""
    if settings.telemetry_kind == "none":
        return None
    if settings.telemetry_kind == "sql":
        return SqlSource()
    return FluxSource(settings) if settings.influx_reads == "flux" else PromSource(settings)
