"""Who may do what: a table of roles, nothing more."""

from collections.abc import Iterable

from cloud.accounts.choices import May, Role

_DESK = {
    *(May.SEE_PATIENTS, May.EDIT_PATIENTS, May.SEE_RECALLS, May.ORDER_TESTS),
    *(May.SEE_SCHEDULE, May.BOOK, May.SEE_MESSAGES, May.WORK_STATIONS),
    *(May.SEE_FLEET, May.SEE_COMPONENTS),
}
_MEASURES = _DESK | {May.SEE_READINGS, May.FILE_READINGS, May.ACCEPT_READINGS, May.SEE_RECORD, May.WRITE_RECORD}
_CARE = _MEASURES | {May.SIGN_RECORD, May.PRESCRIBE, May.SEE_CHANGES, May.OVERBOOK}
# Running a practice is no licence to examine: an owner who does holds the clinician's role as well.
_RUNS = frozenset(May) - {May.WRITE_RECORD, May.SIGN_RECORD, May.PRESCRIBE}

MAY: dict[Role, frozenset[May]] = {
    Role.OWNER: _RUNS,
    Role.MANAGER: _RUNS,
    Role.CLINICIAN: frozenset(_CARE),
    Role.ASSISTANT: frozenset(_MEASURES),
    Role.RECEPTION: frozenset(_DESK),
    Role.ENGINEER: frozenset({May.SEE_FLEET, May.MEND_FLEET, May.ENROL_GATEWAYS, May.ROLL_OUT, May.SEE_COMPONENTS}),
}


def allowed(roles: Iterable[str]) -> frozenset[May]:
    """Everything these roles allow together."""
    return frozenset().union(*(MAY[Role(role)] for role in roles))
