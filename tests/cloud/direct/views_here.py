"""Who gets into the patients' pages: everybody, and nobody without having begun; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

ANYONE, BEGIN, BAD, GONE = (200,) * 5, (303,) * 5, (400,) * 5, (410,) * 5
STAFF = (303, 403, 403, 403, 403)
AT = "/book/{chain_of_the_door}/{store_of_the_door}"
STEPS = ("code", "family", "who", "new", "what", "check", "urgent", "when", "confirm", "done")
WISHES = ("request", "requested", "wait", "waiting")
DEEDS = (
    *("code_done", "code_again", "family_done", "family_new", "who_done", "new_done", "what_done", "check_done"),
    *("when_done", "when_wish", "when_elsewhere", "confirm_done", "confirm_longer", "confirm_again", "done_link"),
    *("request_done", "wait_done"),
)
NO_LINK = "/b/no-such-link-was-ever-made-0000000"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "direct.start": ("GET", AT, ANYONE),
    "direct.begin": ("POST", AT, BAD),
    **{f"direct.{step}": ("GET", f"{AT}/{step}", BEGIN) for step in (*STEPS, *WISHES)},
    **{f"direct.{deed}": ("POST", f"{AT}/{deed.replace('_done', '').replace('_', '/')}", BEGIN) for deed in DEEDS},
    "opening.settings": ("GET", "/online-booking", STAFF),
    "opening.set_settings": ("POST", "/online-booking", STAFF),
    "direct.calendar_file": ("GET", f"{AT}/done/visit-0.ics", BEGIN),
    "direct.look": ("GET", f"{AT}/look.css", ANYONE),
    "direct.widget": ("GET", "/widget/{chain_of_the_door}/{store_of_the_door}.js", ANYONE),
    "direct.linked": ("GET", NO_LINK, GONE),
    **{f"direct.link_{page}": ("GET", f"{NO_LINK}/{page}", GONE) for page in ("move", "cancel")},
    "direct.link_file": ("GET", f"{NO_LINK}/visit.ics", GONE),
    "direct.link_moved": ("POST", f"{NO_LINK}/move", GONE),
    "direct.link_cancelled": ("POST", f"{NO_LINK}/cancel", GONE),
    **{
        f"direct.link_{deed}": ("POST", f"{NO_LINK}/{deed}", GONE) for deed in ("confirm", "claim", "choose", "decline")
    },
}


def places(session: Session, world: World) -> dict[str, Any]:
    """The store at the pier, by its names."""
    return {"chain_of_the_door": world.pier.address.tenant, "store_of_the_door": world.pier.slug}
