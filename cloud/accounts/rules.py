"""Who may do what: a table of roles, nothing more."""

from collections.abc import Iterable

from cloud.accounts.choices import May, Role

_CARE = {May.SEE_PATIENTS, May.EDIT_PATIENTS, May.SEE_READINGS, May.FILE_READINGS, May.ACCEPT_READINGS, May.SEE_FLEET}
_EVERYONE = {May.SEE_COMPONENTS}

MAY: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.MANAGER: frozenset(May),
    Role.CLINICIAN: frozenset(_CARE | _EVERYONE),
    Role.RECEPTION: frozenset({May.SEE_PATIENTS, May.EDIT_PATIENTS, May.SEE_FLEET} | _EVERYONE),
    Role.ENGINEER: frozenset({May.SEE_FLEET, May.MEND_FLEET} | _EVERYONE),
}


def allowed(roles: Iterable[str]) -> frozenset[May]:
    """Everything these roles allow together."""
    return frozenset().union(*(MAY[Role(role)] for role in roles))
