"""Claims and certificates as a page shows them: how far, how long, whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from cloud.enrolment import codes, rules
from cloud.enrolment.choices import Standing, Step
from cloud.enrolment.models import Certificate, Claim, Passage
from cloud.kernel.clock import now


@dataclass(frozen=True, slots=True)
class Line:
    """A claim; ``compare`` are the six letters that the box shows, where one waits."""

    claim: Claim
    step: Step
    left: str
    compare: str


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate; ``renewal`` says how its renewal stands, ``kind`` how a pill shows that."""

    certificate: Certificate
    days: int
    renew_after: datetime
    renewal: str
    kind: str
    current: bool


def step(claim: Claim) -> Step:
    """How far a claim is now."""
    return rules.step(claim, now())


def lines(claims: Iterable[Claim]) -> list[Line]:
    """Claims as they stand."""
    return [Line(one, step(one), left(one.expires_at), _compare(one)) for one in claims]


def _compare(claim: Claim) -> str:
    return codes.comparison(claim.key_fingerprint) if claim.key_fingerprint else ""


def left(until: datetime) -> str:
    """How long a claim is good for, in words."""
    minutes = max(0, int((until - now()) / timedelta(minutes=1)))
    if minutes < 60:
        return str(ngettext("%(num)s minute left", "%(num)s minutes left", minutes))
    return str(ngettext("%(num)s hour left", "%(num)s hours left", minutes // 60))


def certificates(held: Sequence[Certificate]) -> list[Held]:
    """Certificates with their renewal, newest first."""
    newest = next((one.id for one in held if one.state == Standing.ACTIVE), None)
    return [_held(one, now(), current=one.id == newest) for one in held]


def _held(one: Certificate, at: datetime, *, current: bool) -> Held:
    due = rules.renew_after(one.not_before, one.not_after)
    days = (one.not_after - at).days
    renewal, kind = _renewal(one, due, at)
    return Held(one, days, due, renewal, kind, current)


def _renewal(one: Certificate, due: datetime, at: datetime) -> tuple[str, str]:
    if one.state == Standing.REVOKED:
        return _("Revoked"), "danger"
    if one.not_after <= at:
        return _("Expired"), "danger"
    if one.state == Standing.REPLACED:
        return _("Replaced, kept as fallback"), "none"
    if at < due:
        return _("Good"), "good"
    # a gateway tries for a third of a certificate's life; half of that over without success is worth a look
    late = at > due + (one.not_after - due) / 2
    return (_("Renewal overdue"), "warning") if late else (_("Renewal due"), "info")


def stores_of(passages: Iterable[Passage]) -> set[int]:
    """Stores that a gateway's history names."""
    return {one.details[name] for one in passages for name in ("store", "left") if name in one.details}
