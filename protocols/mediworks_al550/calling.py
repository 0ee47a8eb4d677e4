"""Who is expected, as the biometer wants to be told: a JSON array, and the number by which a result comes home.

``pid`` has 19 digits as the maker's example. The instrument's software may carry it through a double, where only every
1024th number of this size exists: ours are such numbers, and what comes back is compared as a double.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from protocols.envelope.worklist import Item

_FIRST, _LAST, _APART = 10**18, 2**63, 1024
_DIGITS = 10  # of a patient's number, zeros in front


def patients(items: Iterable[Item], now: datetime) -> list[dict[str, Any]]:
    """A mapping for each item, with every key the maker's note names. Surgery is not known here: ``NONE``."""
    return [_patient(item, now) for item in items]


def pid(item: Item) -> int:
    """The same for the same item on every day and every gateway."""
    digest = hashlib.sha256(f"{item.study_uid}/{item.step_id}".encode()).digest()
    return _FIRST + int.from_bytes(digest[:8]) % ((_LAST - _FIRST) // _APART) * _APART


def item_of(said: str, items: Iterable[Item]) -> Item | None:
    """The one item that was asked for under this number; none when two were, or nobody."""
    if not (said.isascii() and said.isdigit() and len(said) <= 20):
        return None
    found = [item for item in items if float(pid(item)) == float(int(said))]
    return found[0] if len(found) == 1 else None


def _patient(item: Item, now: datetime) -> dict[str, Any]:
    at = _ms(item.at)
    return {
        "firstname": item.given,
        "lastname": item.family,
        "patientId": item.patient_id.zfill(_DIGITS) if item.patient_id.isdecimal() else item.patient_id,
        "gender": item.sex if item.sex in ("M", "F") else "",
        "birthday": item.birth_date,
        "address": "",
        "phone": "",
        "email": "",
        "refractiveSurgery": "NONE",
        "age": _age(item.birth_date, now.date()),
        "status": "unchecked",
        "pid": str(pid(item)),
        "checkTime": at,
        "createTime": at,
        "isDeleted": False,
        "updateTime": at,
    }


def _ms(at: str) -> int:
    moment = datetime.fromisoformat(at)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * 1000


def _age(birth: str, today: date) -> int:
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return 0
    return max(0, today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
