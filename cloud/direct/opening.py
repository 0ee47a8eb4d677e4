"""How a store stands on the internet, as its staff say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.direct import colours
from cloud.direct.models import Door
from cloud.kernel import audit

MOST_FRAMES, LEAST_AHEAD, MOST_AHEAD = 20, 1, 50
_TELEPHONE = re.compile(r"[+0-9][0-9 ()./-]{1,38}")


@dataclass(frozen=True)
class Opening:
    """What can be said of a store; see ``Door``."""

    open: bool = True
    phone: str = ""
    emergency: str = ""
    accent: str = ""
    frames: tuple[str, ...] = ()
    most: int = 4


def of_store(session: Session, store_id: int) -> Opening:
    """As it stands."""
    row = _row(session, store_id)
    if row is None:
        return Opening()
    words = (row.phone or "", row.emergency or "", row.accent or "")
    return Opening(row.open, *words, frames=tuple(row.frames), most=row.most)


def read(said: Mapping[str, str]) -> tuple[Opening, frozenset[str]]:
    """What was entered, and the names of what does not fit."""
    frames = tuple(dict.fromkeys(one.strip().rstrip("/") for one in said.get("frames", "").split() if one.strip()))
    most = said.get("most", "").strip()
    told = Opening(
        open=said.get("open") == "yes",
        phone=said.get("phone", "").strip(),
        emergency=said.get("emergency", "").strip(),
        accent=said.get("accent", "").strip().lower(),
        frames=frames,
        most=int(most) if most.isdecimal() and len(most) < 4 else 0,
    )
    return told, frozenset(_wrong(told))


def put(session: Session, store_id: int, told: Opening, *, by: int) -> None:
    """Say it anew; which words were changed stands in the audit trail."""
    row = _row(session, store_id)
    if row is None:
        row = Door(store_id=store_id)
        session.add(row)
    before = of_store(session, store_id)
    row.open, row.frames, row.most = told.open, list(told.frames), told.most
    row.phone, row.emergency, row.accent = told.phone or None, told.emergency or None, told.accent or None
    changed = [name for name in Opening.__dataclass_fields__ if getattr(before, name) != getattr(told, name)]
    audit.note(session, by=by, verb="set", kind="online booking", subject=store_id, fields=changed)
    session.flush()


def is_origin(text: str) -> bool:
    """Whether it is a site and nothing more: ``https://host`` with a port perhaps; nothing that widens a policy."""
    parts = urlsplit(text)
    plain = f"{parts.scheme}://{parts.netloc}" == text and re.fullmatch(r"[a-z0-9.-]+(:\d{1,5})?", parts.netloc)
    return bool(plain) and (parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1"))


def _wrong(told: Opening) -> list[str]:
    wrong = [name for name in ("phone", "emergency") if not _is_telephone(getattr(told, name))]
    wrong += ["accent"] if told.accent and not colours.is_colour(told.accent) else []
    wrong += ["frames"] if len(told.frames) > MOST_FRAMES or not all(map(is_origin, told.frames)) else []
    return wrong + ([] if LEAST_AHEAD <= told.most <= MOST_AHEAD else ["most"])


def _is_telephone(text: str) -> bool:
    return not text or _TELEPHONE.fullmatch(text) is not None


def _row(session: Session, store_id: int) -> Door | None:
    return session.scalars(select(Door).where(Door.store_id == store_id)).first()
