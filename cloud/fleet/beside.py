"""What rooms above the fleet know of gateways, for the fleet's own pages: told when the application is put together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

KEY = "emmetra.beside"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing about a gateway: ``name`` says which column it belongs to (``certificate``, ``alert``).

    ``kind`` is a pill's (good, warning, danger, none), ``advice`` what to do, ``href`` where more is said.
    """

    name: str
    word: str
    kind: str = "none"
    text: str = ""
    advice: str = ""
    href: str = ""


# Marks of these gateways, by gateway, with one statement whatever their number.
Teller = Callable[[Session, Sequence[int]], Mapping[int, Sequence[Mark]]]


def install(app: Flask, tellers: Iterable[Teller]) -> None:
    """Say who is asked."""
    app.extensions[KEY] = tuple(tellers)


def marks(session: Session, gateway_ids: Sequence[int]) -> dict[int, list[Mark]]:
    """What is known of these gateways above."""
    found: dict[int, list[Mark]] = {one: [] for one in gateway_ids}
    for teller in current_app.extensions.get(KEY, ()) if gateway_ids else ():
        for gateway_id, told in teller(session, gateway_ids).items():
            found[gateway_id].extend(told)
    return found
