import pytest

from cloud.app import create_app
from cloud.kernel.settings import Settings

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.mark.parametrize("address", ["/health", "/api/v1/tray", "/patients"])
def test_a_page_says_so_when_the_database_is_away(address):
    app = create_app(Settings(database_url=NOWHERE, secret_key="k" * 32, secure_cookies=False))
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(tenant_id=1, staff_id=1, began=9_999_999_999)

    answer = client.get(address)

    assert answer.status_code == 503
    assert b"Readings keep arriving and wait at the store" in answer.data


def test_an_address_that_leads_nowhere_gets_a_page_and_the_api_an_object(sign_in, world):
    alice = sign_in(world.alice)
    page, told = alice.get("/nowhere"), alice.get("/api/v1/nowhere")
    assert (page.status_code, page.mimetype, "<h1" in page.text) == (404, "text/html", True)
    assert (told.status_code, told.mimetype, "title" in told.json) == (404, "application/json", True)
