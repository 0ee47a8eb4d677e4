import pytest

from cloud.web.preferences import local
from tests.cloud.web.shop import make_app


def test_a_language_chosen_is_kept_and_one_is_back_where_one_was(client):
    answer = client.post("/preferences", data={"language": "zh", "next": "/plain?a=1"})

    assert (answer.status_code, answer.location) == (303, "/plain?a=1")
    assert 'lang="zh-Hans"' in client.get("/").text


def test_a_theme_chosen_is_rendered_by_the_server(client):
    client.post("/preferences", data={"theme": "dark"})

    assert 'data-theme="dark"' in client.get("/").text


def test_what_nobody_offered_is_not_kept(client):
    answer = client.post("/preferences", data={"theme": '"><script>', "language": "tlh"})

    assert "Set-Cookie" not in answer.headers
    assert 'data-theme="auto"' in client.get("/").text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "javascript:x"]
)
def test_nobody_is_sent_away_from_here(target):
    assert local(target) == "/"


@pytest.mark.parametrize(
    ("setting", "cookie", "asked", "spoken"),
    [
        ("zh", "en", "en", "zh-Hans"),
        (None, "zh", "en", "zh-Hans"),
        (None, None, "zh-CN,zh;q=0.9", "zh-Hans"),
        (None, None, "fr", "en"),
        ("xx", "yy", "zh", "zh-Hans"),
    ],
)
def test_the_users_setting_comes_before_the_cookie_and_the_browser(setting, cookie, asked, spoken):
    client = make_app(user_language=lambda: setting).test_client()
    if cookie:
        client.set_cookie("language", cookie)

    assert f'lang="{spoken}"' in client.get("/", headers={"Accept-Language": asked}).text


def test_a_signed_in_persons_choice_is_kept_with_the_person():
    kept = []
    client = make_app(keep_language=kept.append).test_client()
    client.post("/preferences", data={"language": "zh"})

    assert kept == ["zh"]


def test_our_views_stand_under_the_rules_they_are_given():
    def named(rule):
        def mark(view):
            view.rule = rule
            return view

        return mark

    views = make_app(staff=named("staff"), public=named("public")).view_functions

    assert {name: view.rule for name, view in views.items() if name.startswith("web.")} == {
        "web.components": "staff",
        "web.preferences": "public",
        "web.static": "public",
    }
