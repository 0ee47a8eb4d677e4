"""A gateway's figures, from its own process over the broker onto the engineer's page."""

import html
import json
import re

from tests.journeys.desk import HILLSIDE, until

LOOKS = """
    SELECT s.figures, g.id FROM telemetry_sample s JOIN fleet_gateway g
    ON g.tenant_id = s.tenant_id AND g.id = s.gateway_id ORDER BY s.id
"""


def test_a_gateway_tells_how_it_fares_and_its_page_plots_it(desk):
    figures, gateway = until(lambda: desk.rows(LOOKS), 40)[0]
    assert {"outbox_depth", "memory_bytes", "fsync_p99_ms", "reconnects", "frames_ok ark"} <= set(figures)
    assert 0 < figures["memory_bytes"] < 200e6
    assert desk.rows(LOOKS, HILLSIDE) == []

    page = desk.sign_in("olivia@harbour.example").get(f"/fleet/{gateway}/figures?reach=6h")
    told = re.findall(r'id="([a-z]+)"[^>]*data-told="([^"]*)"', page)
    depth = json.loads(html.unescape(dict(told)["depth"]))
    drawn = [point[1] for point in depth["tracks"][0]["points"] if point[1] is not None]
    seen = {row.figures["outbox_depth"] for row in desk.rows(LOOKS)}  # it goes up and down between two looks
    assert drawn
    assert set(drawn) <= seen
