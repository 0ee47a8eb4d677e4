"""Which roles see which alerts and allergies."""

from collections.abc import Iterable, Sequence

from cloud.accounts.choices import Role
from cloud.people.choices import AlertKind

_CARE = frozenset({Role.OWNER, Role.MANAGER, Role.CLINICIAN, Role.ASSISTANT})
_DESK = _CARE | {Role.RECEPTION}

SEES: dict[AlertKind, frozenset[Role]] = {
    AlertKind.CLINICAL: _CARE,
    AlertKind.SAFEGUARDING: frozenset({Role.OWNER, Role.MANAGER, Role.CLINICIAN}),
    AlertKind.DEBT: frozenset({Role.OWNER, Role.MANAGER, Role.RECEPTION}),
    AlertKind.VIP: _DESK,
    AlertKind.DO_NOT_CONTACT: _DESK,
}


def sees(kind: str, narrowed: Sequence[str], roles: Iterable[str]) -> bool:
    """Whether somebody with these roles sees an alert of this kind, shown to ``narrowed`` alone if that is given."""
    mine = set(roles)
    return bool(SEES[AlertKind(kind)] & mine) and (not narrowed or bool(set(narrowed) & mine))


def kinds_for(roles: Iterable[str]) -> list[AlertKind]:
    """Kinds of alert somebody with these roles may see, and therefore raise."""
    return [kind for kind in AlertKind if sees(kind, (), roles)]


def treats(roles: Iterable[str]) -> bool:
    """Whether allergies are this person's business."""
    return bool(_CARE & set(roles))
