"""Refusals by name, answered the same by every page of this room."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from cloud.fleet.errors import NoSuchPhoropter
from cloud.people.errors import NoSuchPatient
from cloud.readings.errors import NoSuchReading, NotFiled, NotSendable
from cloud.web.error_pages import refused

CODES = {NoSuchReading: 404, NoSuchPatient: 404, NoSuchPhoropter: 404, NotFiled: 409, NotSendable: 409}


def install_refusals(blueprint: Blueprint) -> None:
    """Answer refusals of this room's services."""
    for refusal, code in CODES.items():
        blueprint.register_error_handler(refusal, _answer(code))


def _answer(code: int) -> Callable[[Exception], ResponseReturnValue]:
    def answer(_refusal: Exception) -> ResponseReturnValue:
        # abort() would be a failure of this handler, and so a 500
        return refused(default_exceptions[code]())

    return answer
