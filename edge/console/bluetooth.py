"""The pages that add a Bluetooth device nobody wrote down yet, and take it away again."""

from collections.abc import Mapping
from typing import Any

from edge.console import pages
from edge.console.adding import Adder, AddRefused, Device, Wish
from edge.console.door import Session
from edge.console.markup import Html, joined, tag
from edge.console.words import Words
from edge.http.serving import Response, see

BONDS = ("yes", "passkey", "no")
WISHED = ("url", "name", "lane", "bond", "passkey")


def page(words: Words, adder: Adder, session: Session, given: Mapping[str, str] | None = None, why: str = "") -> bytes:
    """What was heard, and a form to choose of it; ``given`` and ``why`` when the form came and was refused."""
    body: list[Any] = [tag("p", words("add_what", seconds=int(adder.seconds)))]
    if adder.busy:
        body.append(tag("div", listening(words), id="live", data_live="/part/add"))
        return pages.message(words, words("add"), *body, session=session)
    if adder.state == "nothing":
        lines = [tag("li", one) for one in adder.why]
        body.append(tag("p", words("add_nothing"), class_="trouble", role="status"))
        body.append(tag("ul", lines, lang="en") if lines else None)
    if adder.state == "found":
        body.append(_form(words, adder, session, given or {}, why))
    elif why:
        body.append(tag("p", why, class_="trouble", role="alert"))
    again = words("listen" if adder.state == "idle" else "listen_again")
    plain = {"class_": "plain"} if adder.state == "found" else {}
    body.append(pages.form("/add", session, tag("button", again, name="deed", value="listen", **plain)))
    return pages.message(words, words("add"), joined(*body), session=session)


def listening(words: Words) -> Html:
    """While it listens."""
    return tag("section", tag("p", words("add_listening"), role="status"), id="listening")


async def do(words: Words, adder: Adder, given: Mapping[str, str], session: Session) -> Response:
    """Listen, or add what was chosen."""
    if given.get("deed") != "add":
        if not adder.busy:
            adder.begin()
        return see("/add")
    wish = Wish(**{key: given[key] for key in WISHED if key in given})
    try:
        name = await adder.add(wish)
    except AddRefused as refusal:
        return Response(page(words, adder, session, given, words(str(refusal))), 409)
    except OSError:
        return Response(page(words, adder, session, given, words("add_disk")), 500)
    return Response(pages.message(words, words("add"), words("add_done", name=name), session=session))


def removal(words: Words, name: str, session: Session) -> bytes:
    """Asked before one is taken away."""
    button = pages.form(f"/remove/{name}", session, tag("button", words("remove_yes")))
    return pages.message(words, words("remove_name", name=name), words("remove_what"), button, session=session)


async def remove(words: Words, adder: Adder, name: str, session: Session) -> Response:
    """Take it away."""
    try:
        await adder.remove(name)
    except OSError:
        return Response(pages.message(words, words("remove_name", name=name), words("add_disk"), session=session), 500)
    return see("/")


def _form(words: Words, adder: Adder, session: Session, given: Mapping[str, str], why: str) -> Html:
    chosen = given.get("url") or adder.heard[0].url
    devices = [_device(words, one, number, is_chosen=one.url == chosen) for number, one in enumerate(adder.heard)]
    bond = given.get("bond") or "yes"
    rooms = tag("datalist", [tag("option", value=lane) for lane in adder.lanes()], id="lanes")
    inside = (
        tag("fieldset", tag("legend", words("add_which")), devices, class_="list"),
        _field(words, "name", given.get("name", ""), placeholder=adder.name_for(adder.heard[0]), maxlength=40),
        _field(words, "lane", given.get("lane", ""), list="lanes", maxlength=40),
        rooms,
        tag("fieldset", tag("legend", words("add_bond")), [_bond(words, one, bond) for one in BONDS], class_="list"),
        _field(words, "passkey", "", inputmode="numeric", maxlength=6, autocomplete="off"),
        tag("p", why, class_="trouble", role="alert") if why else None,
        tag("button", words("add_yes"), name="deed", value="add"),
    )
    return pages.form("/add", session, *inside)


def _device(words: Words, one: Device, number: int, *, is_chosen: bool) -> Html:
    more: dict[str, Any] = {"checked": True} if is_chosen else {}
    field = tag("input", **{"type": "radio", "name": "url", "value": one.url, "id": f"device-{number}", **more})
    quiet = tag("span", f"{one.device}, {one.strength} dBm", class_="quiet")
    told = tag("span", one.name, " · ", words(f"profile_{one.profile}"), " ", quiet)
    return tag("label", field, told, for_=f"device-{number}")


def _bond(words: Words, one: str, chosen: str) -> Html:
    more: dict[str, Any] = {"checked": True} if one == chosen else {}
    field = tag("input", **{"type": "radio", "name": "bond", "value": one, "id": f"bond-{one}", **more})
    return tag("label", field, tag("span", words(f"add_bond_{one}")), for_=f"bond-{one}")


def _field(words: Words, name: str, value: str, **more: Any) -> Html:
    hint = tag("p", words(f"add_{name}_hint"), id=f"{name}-hint", class_="quiet")
    about = {"type": "text", "id": name, "name": name, "value": value, "aria-describedby": f"{name}-hint"}
    return tag("div", tag("label", words(f"add_{name}"), for_=name), tag("input", **{**about, **more}), hint)
