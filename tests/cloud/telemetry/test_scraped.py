"""What Prometheus may read, and who else may not."""

import socket

import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from cloud.app import create_app
from cloud.kernel.settings import Misconfigured, Settings
from cloud.telemetry import meters, scraped

TOKEN = "the monitoring's own"


@pytest.fixture
def watched(server, database):
    app = create_app(Settings(server.app_url(database), "secret", secure_cookies=False, metrics_token=TOKEN))
    app.config.update(TESTING=True)
    yield app
    app.extensions["emmetra.hub"].close()
    app.extensions["emmetra.engine"].dispose()


def samples(text):
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def fetch(client, token=TOKEN):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def test_requests_are_counted_by_endpoint_and_status(watched):
    client = watched.test_client()
    before = samples(fetch(client).text)
    client.get("/health"), client.get("/sign-in"), client.get("/no-such-page")
    after = samples(fetch(client).text)

    def grown(endpoint, status):
        name = ("emmetra_requests_total", ("endpoint", endpoint), ("status", status))
        return after[name] - before.get(name, 0)

    assert [grown("health", "200"), grown("accounts.sign_in", "200"), grown("none", "404")] == [1, 1, 1]
    assert after[("emmetra_request_seconds_count", ("endpoint", "health"))] >= 1
    assert ("emmetra_sse_connections",) in after
    assert ("emmetra_db_pool", ("state", "used")) in after


def test_without_the_token_there_is_no_such_page(watched, app):
    client = watched.test_client()
    assert [fetch(client, token).status_code for token in ("", "wrong", TOKEN)] == [404, 404, 200]
    assert client.get("/metrics").status_code == 404
    assert app.test_client().get("/metrics").status_code == 404


def test_no_chain_person_or_patient_is_named(watched, world, sign_in):
    client = watched.test_client()
    client.get(f"/patients/{world.grace}"), client.get(f"/fleet/{world.pier.sender.gateway_id}/figures")
    text = fetch(client).text
    assert not any(word in text for word in ("one-1", "Okafor", "omar", "Chain One", "pier"))


def test_a_place_of_its_own_asks_for_the_token_where_one_is_set():
    meters.rows("readings", 3)
    meters.step("imports", "done", 0.1)
    answers = []
    for token in (None, TOKEN):
        server = scraped.serve(Settings("", "", metrics_bind="127.0.0.1:0", metrics_token=token))
        place = f"http://127.0.0.1:{server.server_port}"
        for path in ("/metrics", "/other"):
            answers.append(urllib3.request("GET", f"{place}{path}", retries=False).status)
        told = urllib3.request("GET", f"{place}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, retries=False)
        server.shutdown(), server.server_close()
    assert answers == [200, 404, 404, 404]
    found = samples(told.data.decode())
    assert found[("emmetra_ingest_rows_total", ("outcome", "readings"))] >= 3
    assert found[("emmetra_worker_steps_total", ("job", "imports"), ("outcome", "done"))] >= 1


def test_whoever_connects_and_says_nothing_keeps_nobody_waiting():
    server = scraped.serve(Settings("", "", metrics_bind="127.0.0.1:0"))
    with socket.create_connection(("127.0.0.1", server.server_port)):
        place = f"http://127.0.0.1:{server.server_port}/metrics"
        answer = urllib3.request("GET", place, retries=False, timeout=20)
    server.shutdown(), server.server_close()
    assert answer.status == 200


def test_a_place_that_cannot_be_used_is_said():
    assert scraped.serve(Settings("", "")) is None
    with pytest.raises(Misconfigured, match="EMMETRA_METRICS_BIND"):
        scraped.serve(Settings("", "", metrics_bind="nowhere:x"))
