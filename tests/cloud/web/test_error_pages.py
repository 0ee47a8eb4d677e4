import logging
from typing import Never

import pytest
from flask import Flask, render_template

from cloud.web import install

CODES = [400, 401, 403, 404, 409, 422, 429, 500, 503]


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_says_what_happened_what_is_safe_and_what_next(client, code):
    answer = client.get(f"/refuse/{code}")

    assert answer.status_code == code
    assert answer.text.count("<p>") >= 3
    assert "Traceback" not in answer.text
    assert "Please" not in answer.text


@pytest.mark.parametrize("code", CODES)
def test_a_fragment_is_refused_with_a_toast(client, code):
    answer = client.get(f"/refuse/{code}", headers={"HX-Request": "true"})

    assert answer.status_code == code
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "<html" not in answer.text
    assert "data-toast" in answer.text


@pytest.mark.parametrize("code", CODES)
def test_a_machine_is_refused_in_json(client, code):
    answer = client.get(f"/api/refuse/{code}")

    assert answer.json["status"] == code
    assert set(answer.json) - {"reference"} == {"status", "title", "safe", "next"}
    assert ("reference" in answer.json) == (code == 500)


def test_a_failure_is_logged_under_the_number_the_user_sees(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/break")
    reference = caplog.records[-1].args[0]

    assert answer.status_code == 500
    assert f"Reference number for support: <code>{reference}</code>" in answer.text
    assert "division" not in answer.text


def test_what_the_server_itself_refuses_is_answered_the_same_way(client):
    assert client.get("/nowhere").status_code == 404
    assert client.post("/").status_code == 405
    assert "GET" in client.post("/").headers["Allow"]


def down() -> Never:
    raise OSError("the database is gone")


def test_a_lost_database_still_gets_its_error_page():
    app = Flask("shop", static_folder=None)
    install(app, framer=down, user_language=down)
    app.add_url_rule("/", "home", lambda: render_template("web/layout.html"))
    answer = app.test_client().get("/", headers={"Accept-Language": "zh"})

    assert answer.status_code == 500
    assert "系统出错了" in answer.text


def test_errors_speak_chinese_too(client):
    assert "此网址没有内容" in client.get("/refuse/404", headers={"Accept-Language": "zh-CN"}).text
