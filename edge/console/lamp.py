"""The page at a slit lamp: what it sees now, which eye the next picture shows, and the buttons that take it.

The live picture is a JPEG that the page asks for again and again; nothing of it is kept. One page at a time has it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.console import pages
from edge.console.door import Session
from edge.console.markup import Html, tag
from edge.console.words import Words
from edge.http.serving import Response, see
from edge.refusals import OrderRefused
from edge.supervisor.fitting import Camera
from edge.supervisor.keeper import Keeper

EYES = ("right", "left")
SHOWN_S = 3.0  # a page that has not asked for so long has been left
JPEG = "image/jpeg"


@dataclass
class Window:
    """Through which one page at a time looks at each lamp."""

    now: Callable[[], float] = time.monotonic
    _before: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def look(self, name: str, keeper: Keeper | None, session: Session) -> Response:
        """What the lamp sees: 200 with a picture, 409 while another page looks, 503 where there is none."""
        who, at = self._before.get(name, ("", 0.0))
        if who not in ("", session.token) and self.now() - at < SHOWN_S:
            return Response(b"", 409)
        self._before[name] = session.token, self.now()
        camera = keeper.camera if keeper else None
        if camera is None:
            return Response(b"", 503)
        try:
            return Response(await camera.look(), kind=JPEG)
        except OrderRefused:
            return Response(b"", 503)


def at(keeper: Keeper | None) -> bool:
    """Whether an instrument is a camera, working or not."""
    return keeper is not None and keeper.settings.family == pages.CAMERA


def page(words: Words, name: str, keeper: Keeper | None, session: Session) -> bytes:
    """The whole page."""
    camera, title = keeper.camera if keeper else None, words("camera_name", name=name)
    if camera is None:
        return pages.message(words, title, words("camera_lost"), session=session)
    live = tag("div", seen(words, keeper), id="live", data_live=f"/part/camera-{name}")
    how = tag("p", words("camera_how"), class_="quiet")
    return pages.message(
        words, title, _view(words, name), live, _form(words, name, camera, session), how, session=session
    )


def _view(words: Words, name: str) -> Html:
    """The live picture, or a word why there is none."""
    image = tag("img", alt=words("camera_live"), data_frames=f"/part/frame-{name}", hidden=True)
    why = {"data_busy": words("camera_live_busy"), "data_lost": words("camera_live_lost")}
    said = tag("p", words("camera_live_wait"), class_="quiet", role="status", **why)
    return tag("figure", image, tag("figcaption", said))


def seen(words: Words, keeper: Keeper | None) -> Html:
    """What changes by itself: the foot switch works here too."""
    camera = keeper.camera if keeper else None
    if camera is None:
        return tag("section", tag("p", words("camera_lost"), class_="trouble", role="status"), id="scene")
    scene = camera.scene()
    eye = words(f"camera_{scene['eye']}") if scene["eye"] else words("camera_no_eye")
    rows: list[tuple[str, Any]] = [
        (words("camera_next"), tag("strong", eye, class_="good" if scene["eye"] else "warn", role="status"))
    ]
    rows += [(words("camera_last"), scene["taken_at"] or words("camera_none"))]
    rows += [(words("camera_foot"), _foot(words, scene))] if scene["foot_switch"] else []
    rows += [(words("camera_shutter"), words(f"camera_shutter_{scene['shutter']}"))] if scene["shutter"] else []
    facts = tag("dl", [tag("div", tag("dt", what), tag("dd", said)) for what, said in rows])
    return tag("section", _films(words, scene), facts, _trouble(words, scene), id="scene")


def _films(words: Words, scene: Mapping[str, str | None]) -> Html | None:
    seconds = scene["filming"]
    return tag("p", words("camera_filming", n=seconds), class_="filming", role="status") if seconds else None


def _trouble(words: Words, scene: Mapping[str, str | None]) -> Html | None:
    if not scene["trouble"]:
        return None
    said = "camera_no_eye_what" if scene["trouble"] == "no_eye" else "camera_lost"
    return tag("p", words(said), class_="trouble", role="alert")


async def do(words: Words, name: str, keeper: Keeper | None, given: Mapping[str, str], session: Session) -> Response:
    """What somebody chose, and a picture where it was asked for."""
    camera, title = keeper.camera if keeper else None, words("camera_name", name=name)
    chosen = {key: given[key] for key in ("eye", "magnification", "illumination") if key in given}
    try:
        if camera is None:
            raise OrderRefused(words("camera_lost"))
        if _is_stale(camera, given) and not (given.get("deed") == "film" and camera.scene()["filming"]):
            return Response(pages.message(words, title, words("camera_changed"), session=session), 409)
        camera.choose(**chosen)
        if given.get("deed") == "take":
            await camera.take()
        elif given.get("deed") == "film":
            await camera.film()
    except OrderRefused:
        is_blind = camera is not None and not camera.scene()["eye"]
        said = words("camera_no_eye_what" if is_blind else "camera_lost")
        return Response(pages.message(words, title, said, session=session), 409)
    return see(f"/camera/{name}")


def _foot(words: Words, scene: Mapping[str, str | None]) -> str:
    clips = "_clip" if scene["foot_switch"] == "plugged" and scene["long_press"] == "clip" else ""
    return words(f"camera_foot_{scene['foot_switch']}{clips}")


def _is_stale(camera: Camera, given: Mapping[str, str]) -> bool:
    """Whether a foot or the time changed the eye since this page was made, and nobody chose anew on it."""
    was, now = given.get("was", ""), camera.scene()["eye"] or ""
    return was != now and given.get("eye", "") == was


def _form(words: Words, name: str, camera: Camera, session: Session) -> Html:
    from protocols.slit_lamp_camera import ILLUMINATIONS, MAGNIFICATIONS  # only where there is a camera

    scene = camera.scene()
    eyes = [_radio(words, eye, is_chosen=scene["eye"] == eye) for eye in EYES]
    lights = [(key, words(f"camera_{key}")) for key in ILLUMINATIONS]
    body = (
        tag("input", type="hidden", name="was", value=scene["eye"] or ""),
        tag("fieldset", tag("legend", words("camera_eye")), eyes, class_="row"),
        _select(words, "magnification", [(one, one.replace("x", " ×")) for one in MAGNIFICATIONS], scene),
        _select(words, "illumination", lights, scene),
        tag("button", words("camera_take"), name="deed", value="take"),
        tag("button", words("camera_film"), name="deed", value="film", class_="plain"),
        tag("button", words("camera_choose"), name="deed", value="choose", class_="plain"),
    )
    return pages.form(f"/camera/{name}", session, *body)


def _radio(words: Words, eye: str, *, is_chosen: bool) -> Html:
    more: dict[str, Any] = {"checked": True} if is_chosen else {}
    field = tag("input", **{"type": "radio", "name": "eye", "value": eye, "id": f"eye-{eye}", **more})
    return tag("label", field, " ", words(f"camera_{eye}"), for_=f"eye-{eye}")


def _select(words: Words, name: str, choices: list[tuple[str, str]], scene: Mapping[str, str | None]) -> Html:
    options = [("", words("camera_unsaid")), *choices]
    shown = [
        tag("option", text, value=value, **({"selected": True} if value == (scene[name] or "") else {}))
        for value, text in options
    ]
    label = tag("label", words(f"camera_{name}"), for_=name)
    return tag("div", label, tag("select", *shown, id=name, name=name))
