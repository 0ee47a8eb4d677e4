"""Nothing of the schedule changes without a row that says who, when, and how it was before."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import TenantOwned, current_tenant
from cloud.planning.choices import Deed, Subject
from cloud.planning.models import Change


def row(one: TenantOwned) -> dict[str, Any]:
    """A row as it stands, as JSON can hold it."""
    return {column.key: _plain(getattr(one, column.key)) for column in inspect(type(one)).columns}


def keep(
    session: Session,
    subject: Subject,
    deed: Deed,
    one: Any,
    *,
    by: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Leave a row of what was done to ``one``, a line in the audit trail, and tell the pages of its store.

    ``before`` is empty for what is new, ``after`` for what is gone.
    """
    session.flush()
    stands = dict(row(one) if after is None else after)
    store_id = getattr(one, "store_id", None)
    session.add(
        Change(
            store_id=store_id,
            subject=subject,
            subject_id=one.id,
            deed=deed,
            before=dict(before or {}),
            after=stands,
            by=by,
        )
    )
    session.flush()
    audit.note(session, by=by, verb=f"schedule {deed}", kind=subject.value, subject=one.id, store=store_id)
    told = Fact(topic="schedule.changed", tenant_id=current_tenant(), store_id=store_id, subject=f"{subject}:{one.id}")
    announce(session, told)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
