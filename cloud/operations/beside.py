"""What this room tells on the fleet's own pages: open alerts, and how long a certificate is still good."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from cloud.enrolment import queries as enrolment
from cloud.fleet import wording as fleet
from cloud.fleet.beside import Mark
from cloud.kernel.clock import now
from cloud.operations import alerts, limits, wording
from cloud.web import times


def alert_marks(session: Session, gateway_ids: Sequence[int]) -> Mapping[int, Sequence[Mark]]:
    """A mark for each open alert."""
    return {
        gateway_id: [
            Mark(
                "alert",
                fleet.alarm(one.subject) if one.rule == "gateway_alarm" else wording.title(one),
                one.severity,
                wording.said(one),
                wording.advice(one),
                url_for("operations.alert", alert_id=one.id),
            )
            for one in found
        ]
        for gateway_id, found in alerts.of_gateways(session, gateway_ids).items()
    }


def certificate_marks(session: Session, gateway_ids: Sequence[int]) -> Mapping[int, Sequence[Mark]]:
    """A mark for each gateway that has a certificate: days left, a warning where the chain's limit says so."""
    near = limits.limits(session)["certificate"].amount
    return {one: [_certificate(ends, near)] for one, ends in enrolment.ends(session, gateway_ids).items()}


def _certificate(ends: datetime, near: int) -> Mark:
    days = (ends - now()).days
    if days < 0:
        return Mark("certificate", _("Ended"), "danger", _("on %(day)s", day=times.day(ends)))
    kind = "danger" if days < 7 else "warning" if days < near else "good"
    return Mark(
        "certificate", ngettext("%(num)s day", "%(num)s days", days), kind, _("until %(day)s", day=times.day(ends))
    )


TELLERS = (alert_marks, certificate_marks)
