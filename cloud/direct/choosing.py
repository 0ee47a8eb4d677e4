"""What somebody chooses on their way: for whom, what for, with whom. Nobody chooses what was not offered."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from cloud.booking import holding
from cloud.booking.asking import Ask
from cloud.booking.parties import SIDE_BY_SIDE, Company
from cloud.direct import family, offering, tables
from cloud.direct.choices import Way
from cloud.direct.doors import Shop
from cloud.direct.errors import NotTheirs
from cloud.direct.family import Member
from cloud.direct.models import Flow
from cloud.direct.told import Newcomer, Told
from cloud.kernel import audit
from cloud.kernel.clock import local, now
from cloud.schedule.choices import Answer, Channel, Who

SLACK = 20  # minutes somebody of a family may wait for the one after


def members(session: Session, shop: Shop, flow: Flow) -> dict[int, Member]:
    """Whom this browser may book for: the one household, or those a date of birth has opened."""
    found = family.households(session, flow.channel, flow.contact, shop.country)
    if len(found) > 1:
        found = [one for one in found if {member.id for member in one} & set(flow.household)]
    return family.members(found)


def note_shown(session: Session, shop: Shop, flow: Flow) -> None:
    """Whose name is shown to whoever proved that they are reached there stands in the audit trail."""
    for one in members(session, shop, flow):
        audit.note(session, by=None, verb="looked", kind="patient", subject=one, how="online booking")
    session.flush()


def must_open(session: Session, shop: Shop, flow: Flow) -> bool:
    """Whether several households share the contact, and none was opened yet."""
    found = family.households(session, flow.channel, flow.contact, shop.country)
    return len(found) > 1 and not flow.household


def open_household(session: Session, shop: Shop, flow: Flow, born: date) -> bool:
    """Open the household in which somebody was born on that day; False, and nothing done, when there is none."""
    found = family.opened(family.households(session, flow.channel, flow.contact, shop.country), born)
    flow.household = [member.id for one in found for member in one]
    session.flush()
    return bool(found)


def born(so_far: Told, there: dict[int, Member], key: str) -> date | None:
    """When somebody was born. Raises NotTheirs."""
    if key.startswith("n"):
        return newcomer(so_far, key).born
    return member(there, key).born


def member(there: dict[int, Member], key: str) -> Member:
    """Somebody of the household. Raises NotTheirs."""
    found = there.get(int(key[1:])) if key[:1] == "p" and key[1:].isdecimal() else None
    if found is None:
        raise NotTheirs
    return found


def newcomer(so_far: Told, key: str) -> Newcomer:
    """Somebody new. Raises NotTheirs."""
    at = int(key[1:]) if key[:1] == "n" and key[1:].isdecimal() else len(so_far.newcomers)
    if at >= len(so_far.newcomers):
        raise NotTheirs
    return so_far.newcomers[at]


def is_new(key: str) -> Who:
    """New, or known to the practice."""
    return Who.NEW if key.startswith("n") else Who.EXISTING


def choose_people(session: Session, so_far: Told, there: dict[int, Member], keys: Iterable[str]) -> None:
    """For whom. What was held for others is let go. Raises NotTheirs."""
    chosen = list(dict.fromkeys(keys))
    if not chosen:
        raise NotTheirs
    for key in chosen:
        born(so_far, there, key)
    if chosen != so_far.people:
        release(session, so_far)
        so_far.people = chosen
        so_far.types = {key: kind for key, kind in so_far.types.items() if key in chosen}


def add(session: Session, so_far: Told, there: dict[int, Member], one: Newcomer) -> str:
    """Somebody new; who is in the household already is not new. Their name among ``people``."""
    same = (known for known in there.values() if known.name.casefold() == one.given.casefold())
    known = next((one_.key for one_ in same if one_.born == one.born), None)
    at = next((n for n, other in enumerate(so_far.newcomers) if _alike(other, one)), None)
    if known is None and at is None:
        so_far.newcomers.append(one)
        at = len(so_far.newcomers) - 1
    elif at is not None:
        so_far.newcomers[at] = one
    key = known or f"n{at}"
    if key not in so_far.people:
        release(session, so_far)
        so_far.people.append(key)
    return key


def _alike(one: Newcomer, other: Newcomer) -> bool:
    return (one.family.casefold(), one.given.casefold()) == (other.family.casefold(), other.given.casefold())


def choose_types(session: Session, shop: Shop, so_far: Told, there: dict[int, Member], chosen: dict[str, int]) -> None:
    """What for, person by person. Raises NotTheirs where somebody was not offered it."""
    for key in so_far.people:
        fitting = offers(session, shop, so_far, there, key)
        if chosen.get(key) not in {one.type.id for one in fitting}:
            raise NotTheirs
    if chosen != so_far.types:
        release(session, so_far)
        so_far.types, so_far.at = chosen, None


def offers(session: Session, shop: Shop, so_far: Told, there: dict[int, Member], key: str) -> list[offering.Offer]:
    """What somebody may have there."""
    on = local(now(), shop.zone).date()
    return offering.offers(session, shop.store_id, is_new(key), born(so_far, there, key), on, so_far.secret)


def only_asks(session: Session, shop: Shop, so_far: Told) -> bool:
    """Whether what was chosen can only be asked for."""
    found = (offering.offer(session, shop.store_id, kind, is_new(key)) for key, kind in so_far.types.items())
    return any(one is None or one.answer != Answer.BOOK for one in found)


def wants_flags(session: Session, so_far: Told) -> bool:
    """Whether a type that was chosen asks about red flags, and nobody has answered today's questions."""
    kinds = offering.types(session, so_far.types.values()).values()
    return any(one.red_flags for one in kinds) and so_far.version != tables.red_flags()[0]


def asks(session: Session, shop: Shop, so_far: Told, there: dict[int, Member]) -> list[Ask]:
    """What is wanted, person by person."""
    serving = offering.servers(session, shop.store_id, so_far.types.values())
    wanted = offering.wanted(serving, so_far.wish.person, so_far.wish.language)
    return [
        Ask(
            shop.store_id,
            so_far.types[key],
            is_new(key),
            Channel.ONLINE,
            born=born(so_far, there, key),
            wanted=wanted,
        )
        for key in so_far.people
    ]


def release(session: Session, so_far: Told) -> None:
    """Let go of what is held; the time that was wanted is remembered."""
    for token in so_far.holds:
        holding.let_go(session, token)
    so_far.holds, so_far.until, so_far.key = [], None, ""


def company(session: Session, so_far: Told, asked: list[Ask]) -> Company:
    """A family: side by side, or each as soon as the one before may be done."""
    shown = [one.shown for one in offering.types(session, so_far.types.values()).values()]
    after = (min(shown), max(shown) + SLACK)
    return Company(tuple(asked), SIDE_BY_SIDE if so_far.wish.way == Way.TOGETHER else after)
