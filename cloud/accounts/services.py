"""Every change to chains, stores and staff, and the two questions of a sign-in."""

import hashlib
from datetime import timedelta

import argon2
import pyotp
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.accounts import queries
from cloud.accounts.choices import Role
from cloud.accounts.errors import ChainExists, CodeRefused, SignInRefused, TooManyAttempts
from cloud.accounts.models import Chain, FailedSignIn, Post, Staff, Store
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.kernel.tenancy import current_tenant

ATTEMPTS = 10
WINDOW = timedelta(minutes=15)
CODE_SECONDS = 30

_hasher = argon2.PasswordHasher()
# An unknown address costs as much time as a wrong password.
_NOBODY = _hasher.hash("nobody's password")


def found_chain(owner: Engine, *, slug: str, name: str, locale: str = "en") -> int:
    """Make a new chain; the owner's act, outside any chain. Answers its id. Raises ChainExists."""
    made = insert(Chain).values(slug=slug, name=name, locale=locale, require_totp=False).returning(Chain.id)
    try:
        with owner.begin() as connection:
            return int(connection.execute(made).scalar_one())
    except IntegrityError:
        raise ChainExists(slug) from None


def open_store(session: Session, *, slug: str, name: str, zone: str, region_id: int | None = None) -> Store:
    """Add a store to the chain."""
    store = Store(slug=slug, name=name, zone=zone, region_id=region_id)
    session.add(store)
    session.flush()
    return store


def hire(session: Session, *, email: str, name: str, password: str, role: Role, store: Store | None = None) -> Staff:
    """Add someone to the staff with one post: in a store, or in the whole chain when none is named."""
    staff = Staff(email=email.strip().lower(), name=name, password_hash=_hasher.hash(password), totp_last_step=0)
    session.add(staff)
    session.flush()
    session.add(Post(staff_id=staff.id, role=role.value, store_id=store.id if store else None))
    session.flush()
    return staff


def check_password(engine: Engine, email: str, password: str) -> tuple[int, int]:
    """Chain and staff id of whoever knows this password.

    Raises:
        TooManyAttempts: ten wrong ones for this address within a quarter of an hour.
        SignInRefused: address and password do not belong together.
    """
    who = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    _refuse_guessing(engine, who)
    found = queries.find_staff(engine, email)
    if found is None or not _knows(engine, *found, password):
        if found is None:
            _verify(_NOBODY, password)
        with outside(engine) as session:
            session.add(FailedSignIn(who=who))
        raise SignInRefused
    with outside(engine) as session:
        session.execute(delete(FailedSignIn).where(FailedSignIn.who == who))
    return found


def confirm(engine: Engine, tenant_id: int, staff_id: int, password: str) -> None:
    """Somebody signed in says again that it is they, before something is signed.

    Raises:
        TooManyAttempts: ten wrong passwords within a quarter of an hour.
        SignInRefused: it is not their password.
    """
    who = f"sign:{staff_id}"
    _refuse_guessing(engine, who)
    with unit_of_work(engine, tenant_id) as session:
        staff = session.get(Staff, (tenant_id, staff_id))
        right = staff is not None and _verify(staff.password_hash, password) and staff.active
    if not right:
        with outside(engine) as session:
            session.add(FailedSignIn(who=who))
        raise SignInRefused


def _refuse_guessing(engine: Engine, who: str) -> None:
    with outside(engine) as session:
        recent = FailedSignIn.at > now() - WINDOW
        wrong = session.scalar(select(func.count()).where(FailedSignIn.who == who, recent)) or 0
    if wrong >= ATTEMPTS:
        raise TooManyAttempts


def refuse_guessing_codes(engine: Engine, staff_id: int) -> None:
    """Raises TooManyAttempts after ten wrong codes within a quarter of an hour."""
    _refuse_guessing(engine, f"code:{staff_id}")


def note_wrong_code(engine: Engine, staff_id: int) -> None:
    """Count a wrong one-time code."""
    with outside(engine) as session:
        session.add(FailedSignIn(who=f"code:{staff_id}"))


def _knows(engine: Engine, tenant_id: int, staff_id: int, password: str) -> bool:
    with unit_of_work(engine, tenant_id) as session:
        staff = session.get(Staff, (tenant_id, staff_id))
        # verified first, so that an inactive account costs as much time as any other
        right = staff is not None and _verify(staff.password_hash, password) and staff.active
        audit.note(
            session, by=staff_id, verb="signed_in" if right else "sign_in_refused", kind="staff", subject=staff_id
        )
    return right


def _verify(digest: str, password: str) -> bool:
    try:
        return _hasher.verify(digest, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHash):
        return False


def needs_code(session: Session, staff_id: int) -> bool:
    """Whether this person has a one-time code to give."""
    return session.get_one(Staff, (current_tenant(), staff_id)).totp_secret is not None


def check_code(session: Session, staff_id: int, code: str) -> None:
    """Accept a one-time code (RFC 6238) once, one step early or late. Raises CodeRefused."""
    staff = session.get_one(Staff, (current_tenant(), staff_id), with_for_update=True)
    step = _matching_step(staff.totp_secret or "", code)
    if step is None or step <= staff.totp_last_step:
        raise CodeRefused
    staff.totp_last_step = step


def _matching_step(secret: str, code: str) -> int | None:
    digits = "".join(code.split())
    if not secret or not digits.isascii() or not digits.isdigit():
        return None
    present = int(now().timestamp()) // CODE_SECONDS
    steps = (present - 1, present, present + 1)
    totp = pyotp.TOTP(secret)
    return next((s for s in steps if pyotp.utils.strings_equal(totp.generate_otp(s), digits)), None)


def begin_codes(session: Session, staff_id: int, secret: str, code: str) -> None:
    """Turn one-time codes on once the person has shown one. Raises CodeRefused, also where they are on already."""
    step = _matching_step(secret, code)
    staff = session.get_one(Staff, (current_tenant(), staff_id), with_for_update=True)
    if step is None or staff.totp_secret is not None:
        raise CodeRefused
    staff.totp_secret, staff.totp_last_step = secret, step
    audit.note(session, by=staff_id, verb="began_codes", kind="staff", subject=staff_id)


def speak(session: Session, staff_id: int, locale: str) -> None:
    """Keep the language someone chose."""
    session.execute(update(Staff).where(Staff.id == staff_id).values(locale=locale))
