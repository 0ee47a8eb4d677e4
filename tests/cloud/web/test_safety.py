import re
from html.parser import HTMLParser

import pytest

PAGES = ["/", "/plain", "/components", "/components?lang=zh&theme=dark", "/refuse/404", "/break", "/api/refuse/403"]


class Inline(HTMLParser):
    """Collects whatever a strict policy would block."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        handlers = [name for name in named if name.startswith("on") or name.startswith("hx-on") or name == "style"]
        foreign = [v for k, v in attrs if k in ("src", "href", "action") and v and "//" in v]
        inline = tag == "style" or (tag == "script" and "src" not in named)
        if inline or handlers or foreign:
            self.found.append((tag, handlers, foreign))


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_safety_headers(client, path):
    headers = client.get(path).headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_written_inline_and_nothing_comes_from_elsewhere(client, path):
    reader = Inline()
    reader.feed(client.get(path).text)

    assert reader.found == []


def test_only_a_secure_answer_asks_for_security_for_ever(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "max-age=63072000" in client.get("/", base_url="https://shop").headers["Strict-Transport-Security"]


def fetched(client, address):
    with client.get(address) as answer:
        return answer.status_code, answer.headers.get("Cache-Control"), answer.get_data(as_text=True)


def test_static_files_asked_for_by_content_are_kept_for_a_year(app, client):
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("css/app.css")

    assert fetched(client, address)[1] == "public, max-age=31536000, immutable"
    assert "immutable" not in fetched(client, address.partition("?")[0])[1]


def test_every_asset_a_page_names_is_there(client):
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get("/components").text))

    assert len(named) > 10
    assert {address: fetched(client, address)[0] for address in named} == dict.fromkeys(named, 200)
    assert all("v=" in address for address in named)


def test_every_icon_a_page_names_is_in_the_sprite(client):
    sprite = fetched(client, "/static/web/vendor/icons.svg")[2]
    named = set(re.findall(r'icons\.svg[^"]*#([a-z0-9-]+)', client.get("/components").text))

    assert [name for name in named if f'id="{name}"' not in sprite] == []
