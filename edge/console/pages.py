"""The pages, as text. Never a value, never a name of a patient: they are made of the gateway's status alone."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from edge.console.door import Session
from edge.console.markup import Html, joined, tag
from edge.console.words import Words
from edge.diagnostics.result import Result

HERE = Path(__file__).parent
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FILES = {name: KINDS[Path(name).suffix] for name in ("console.css", "console.js", "screen.css", "screen.js")}
MARKS = {"connected": "●", "starting": "◌", "lost": "▲", "misconfigured": "▲"}
SHAPES = {"ok": "●", "warn": "◆", "fail": "▲", "skip": "–"}
CAMERA = "slit_lamp_camera"
NETWORKED = ("socket:", "rfc2217:", "folder:", "ble-serial:", "usb-", "camera:", "pictures:")


@cache
def asset(name: str) -> bytes:
    """A file of the page."""
    return (HERE / name).read_bytes()


def url(name: str) -> str:
    """Where a file of the page is, by what it says."""
    return f"/{name}?{hashlib.sha256(asset(name)).hexdigest()[:12]}"


def page(words: Words, title: str, *body: Any, session: Session | None = None) -> bytes:
    """A whole page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} · Emmetra"),
        tag("link", rel="stylesheet", href=url("console.css")),
        tag("script", Html(), type="module", src=url("console.js")),
    )
    leave = form("/sign-out", session, tag("button", words("sign_out"), class_="plain")) if session else None
    top = tag("header", tag("a", "Emmetra", href="/"), tag("span", words("title"), class_="quiet"), leave)
    skip = tag("a", words("skip"), href="#main", class_="skip")
    main = tag("main", *body, id="main", tabindex="-1")
    html = tag("html", head, tag("body", skip, top, main), lang="zh-Hans" if words.language == "zh" else "en")
    return f"<!doctype html>{html}".encode()


def form(action: str, session: Session, *body: Any, **attributes: Any) -> Html:
    """A form with this session's mark."""
    mark = tag("input", type="hidden", name="mark", value=session.mark)
    return tag("form", mark, *body, method="post", action=action, **attributes)


def how_to_set_a_pin(words: Words) -> bytes:
    """As long as there is no PIN."""
    command = tag("pre", tag("code", "emmetra gateway pin"))
    body = (tag("h1", words("no_pin")), tag("p", words("no_pin_why")), tag("p", words("no_pin_how")), command)
    return page(words, words("no_pin"), tag("section", *body, tag("p", words("no_pin_or")), class_="card"))


def sign_in(words: Words, trouble: str = "") -> bytes:
    """The way in."""
    field = tag(
        "input",
        **{"id": "pin", "name": "pin", "type": "password", "inputmode": "numeric", "autocomplete": "current-password"},
        **{"required": True, "autofocus": True, "maxlength": 12, "aria-describedby": "hint trouble"},
        **({"aria-invalid": "true"} if trouble else {}),
    )
    problem = tag("p", trouble, id="trouble", class_="trouble", role="alert") if trouble else None
    hint = tag("p", words("sign_in_hint"), id="hint", class_="quiet")
    inside = (tag("label", words("pin"), for_="pin"), field, problem, hint, tag("button", words("sign_in")))
    entry = tag("form", *inside, method="post", action="/sign-in")
    return page(words, words("sign_in"), tag("section", tag("h1", words("title")), entry, class_="card"))


def front(words: Words, status: Mapping[str, Any], session: Session) -> bytes:
    """The page one stands before."""
    stale = tag("p", class_="stale", id="stale", hidden=True, role="status", data_words=words("stale", time="%"))
    sections = tag("div", live(words, status), id="live", data_live="/part")
    always = (link("/checks", words("checks")), link("/restart", words("restart")))
    links = tag("nav", _queue(words, status), *always, class_="row")
    return page(words, words("title"), stale, sections, links, session=session)


def _queue(words: Words, status: Mapping[str, Any]) -> Html | None:
    """The way to the store's queue, where there is one."""
    kept = status["queue"]
    return link("/queue", words("queue_n", n=kept["here"])) if kept["version"] or kept["holding"] else None


def live(words: Words, status: Mapping[str, Any]) -> Html:
    """What changes by itself."""
    parts = (_summary, _instruments, _callers, _cloud, _box)
    return joined(*(part(words, status) for part in parts))


def _summary(words: Words, status: Mapping[str, Any]) -> Html:
    found = status["repairs"]
    heading = words("problems", n=len(found)) if found else words("all_well")
    shape = tag("span", SHAPES["fail"] if found else SHAPES["ok"], aria_hidden="true")
    title = tag("h1", shape, " ", heading, class_="bad" if found else "good", aria_live="polite")
    time = tag("p", words("updated", time=_clock(status["at"])), class_="quiet")
    return tag("section", title, [_repair(words, one) for one in found], time, id="summary")


def _repair(words: Words, one: Mapping[str, Any]) -> Html:
    named = f"{one['what']} · {one['subject']}" if one["subject"] else one["what"]
    steps = tag("ol", [tag("li", step) for step in one["steps"]]) if one["steps"] else None
    ends = tag("p", one["ends"], class_="quiet") if one["ends"] else None
    why = _for_support(words, one["why"])
    since = tag("span", words("since", time=_when(one["since"])), class_="quiet")
    return tag("article", tag("h2", named, " ", since), steps, ends, why, class_="repair")


def _for_support(words: Words, why: str) -> Html | None:
    """The sentence in the log's language; where it is also the heading, there is nothing to add."""
    told = tag("p", why, class_="why", lang="en")
    return tag("details", tag("summary", words("for_support")), told) if why else None


def _instruments(words: Words, status: Mapping[str, Any]) -> Html:
    rows = [_instrument(words, one) for one in status["instruments"]]
    inside = tag("ul", rows, class_="instruments") if rows else tag("p", words("no_instruments"))
    add = tag("p", link("/add", words("add")), class_="row")
    return tag("section", tag("h2", words("instruments")), inside, add, id="instruments")


def _callers(words: Words, status: Mapping[str, Any]) -> Html | None:
    """What calls patients, where anything does."""
    rows = [_caller(words, one) for one in status["callers"]]
    heading = tag("h2", words("callers"))
    return tag("section", heading, tag("ul", rows, class_="instruments"), id="callers") if rows else None


def _caller(words: Words, one: Mapping[str, Any]) -> Html:
    name, state = one["name"], one["state"]
    title = tag("h3", name, " ", tag("span", words(f"caller_{one['kind']}"), class_="quiet"))
    why = tag("p", one["why"], class_="why", lang="en") if one["why"] else None
    test = link(f"/call/{name}", words("test"), f"{words('test')}: {name}")
    return tag("li", tag("div", title, _mark(words, state), class_="row"), why, tag("div", test, class_="row"))


def _mark(words: Words, state: str) -> Html:
    good = "good" if state == "connected" else "quiet" if state == "starting" else "bad"
    return tag("span", tag("span", MARKS[state], aria_hidden="true"), " ", words(state), class_=good)


def _instrument(words: Words, one: Mapping[str, Any]) -> Html:
    name, state = one["name"], one["state"]
    mark = _mark(words, state)
    title = tag("h3", name, " ", tag("span", one["model"] or one["family"], " ", one["lane"] or "", class_="quiet"))
    facts = _facts((words("last_reading"), words.ago(one["last_reading_s"])), (words("port"), tag("code", one["link"])))
    verb = "remove" if one.get("added") else "pair"
    pair = link(f"/{verb}/{name}", words(verb), f"{words(verb)}: {name}")
    test = link(f"/test/{name}", words("test"), f"{words('test')}: {name}")
    camera = link(f"/camera/{name}", words("camera"), f"{words('camera')}: {name}") if one["family"] == CAMERA else None
    return tag("li", tag("div", title, mark, class_="row"), facts, tag("div", camera, test, pair, class_="row"))


def _cloud(words: Words, status: Mapping[str, Any]) -> Html:
    state, depth = status["broker"]["state"], status["outbox"]["depth"]
    waits = words("waiting_n", n=depth) if depth else words("waiting_none")
    facts = _facts((words("cloud"), words(f"cloud_{state}")), (words("waiting"), waits), *_expected(words, status))
    return tag("section", tag("h2", words("cloud")), facts, id="cloud")


def _expected(words: Words, status: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """How many are on today's worklist, and how old that knowledge is; never who."""
    kept = status.get("worklist") or {"version": 0}
    if not kept["version"]:
        return []
    counted = words("expected_n", n=kept["today"], time=_when(kept["made_at"]))
    return [(words("expected"), counted)]


def _box(words: Words, status: Mapping[str, Any]) -> Html:
    facts = _facts(
        (words("address"), tag("code", status["address"])),
        (words("software"), status["software"]),
        (words("clock"), f"{words('clock_' + status['clock']['state'])}, {_when(status['at'])}"),
        (words("running"), words.span(status["uptime_s"])),
    )
    return tag("section", tag("h2", words("box")), facts, id="box")


def checks(words: Words, results: Iterable[Result], session: Session) -> bytes:
    """Everything that was tried."""
    heads = tag("tr", [tag("th", words(key), scope="col") for key in ("check_name", "check_result", "check_found")])
    rows = [_check(words, one) for one in results]
    table = tag("table", tag("thead", heads), tag("tbody", rows))
    body = (tag("h1", words("checks_title")), tag("div", table, class_="wide", tabindex="0", role="region"))
    return page(words, words("checks_title"), *body, link("/", words("back")), session=session)


def _check(words: Words, one: Result) -> Html:
    good = {"ok": "good", "fail": "bad", "warn": "warn", "skip": "quiet"}[one.verdict]
    mark = tag("span", tag("span", SHAPES[one.verdict], aria_hidden="true"), " ", words(f"verdict_{one.verdict}"))
    fix = tag("p", one.fix) if one.fix else None
    name = tag("th", f"{one.name} {one.subject}".strip(), scope="row")
    return tag("tr", name, tag("td", mark, class_=good), tag("td", one.what, fix))


def message(words: Words, title: str, *body: Any, session: Session | None = None, wait: str = "") -> bytes:
    """A page with one thing to say; ``wait`` is a path to look at until it answers again."""
    awaited = tag("div", data_await=wait, class_="quiet") if wait else None
    card = tag("section", tag("h1", title), *(one if isinstance(one, Html) else tag("p", one) for one in body), awaited)
    return page(words, title, Html(card), link("/", words("back")), session=session)


def link(path: str, text: str, label: str | None = None) -> Html:
    """A link that looks like a button."""
    return tag("a", text, href=path, class_="button", aria_label=label)


def _facts(*pairs: tuple[str, Any]) -> Html:
    return tag("dl", [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs])


def _when(iso: str) -> str:
    at = datetime.fromisoformat(iso).astimezone()
    return f"{at:%Y-%m-%d %H:%M}"


def _clock(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone():%H:%M:%S}"
