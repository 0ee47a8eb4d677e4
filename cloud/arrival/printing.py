"""Whoever prints tickets: the room of calls brings its own; without one nothing is printed, pages show it all."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from cloud.queue.models import Stay

KEY = "emmetra.arrival.printers"
Printer = Callable[[Session, Stay, str, str], bool]  # session, stay, the token of one's own place, language: printed?


def install(app: Flask, printers: Sequence[Printer] = ()) -> None:
    """Say who prints."""
    app.extensions[KEY] = tuple(printers)


def on_ticket(session: Session, stay: Stay, token: str, language: str) -> bool:
    """A ticket was given, or is wanted again; whether anybody prints it. In the transaction of the caller."""
    printers: tuple[Printer, ...] = current_app.extensions.get(KEY, ())
    done = [one(session, stay, token, language) for one in printers]
    return any(done)
