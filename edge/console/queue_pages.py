"""The queue's pages: whose it is now, stations with their lines, one person, taking somebody in."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from edge.console import pages
from edge.console.markup import Html, joined, tag
from edge.console.queue_rows import Looking, Where, facts_of, fates, form, hidden, is_early, line
from edge.queue.day import Day, Row, moment
from protocols.envelope.queue import Offer, Place
from protocols.queue.machines import may
from protocols.queue.words import AWAY, SERVED, Step

WHY = {
    "cloud": "queue_no_cloud",
    "giving": "queue_giving",
    "moved": "queue_no_moved",
    "not_drawn": "queue_no_drawn",
    "nobody": "queue_no_body",
    "unpaid": "queue_no_unpaid",
    "numbers": "queue_no_numbers",
    "door": "queue_no_door",
    "unknown": "queue_no_such",
    "amount": "queue_no_amount",
    "reason": "queue_no_reason",
    "time": "queue_no_time",
    "disk": "queue_no_disk",
    "book": "queue_none",
    "offline": "queue_no_line",
}
SHORT = 12  # people of a line on the page of all stations; a station's own page has everybody


def whole(look: Looking, where: Where, trouble: str) -> bytes:
    """All stations, or the one somebody works at."""
    words = look.words
    path = f"/part/queue/{where.path}".rstrip("/")
    stale = tag("p", class_="stale", id="stale", hidden=True, role="status", data_words=words("stale", time="%"))
    sections = tag("div", live(look, where), id="live", data_live=path)
    links = tag("nav", pages.link("/", words("title")), class_="row")
    title = tag("h1", words("queue"))
    return pages.page(words, words("queue"), title, _trouble(trouble), stale, sections, links, session=look.session)


def _trouble(trouble: str) -> Html | None:
    return tag("p", trouble, class_="stale", role="alert") if trouble else None


def live(look: Looking, where: Where) -> Html:
    """What changes by itself."""
    day = look.day
    if day is None:
        return tag("section", tag("p", look.words("queue_none")), id="queue-now")
    places = [one for one in day.book.places if where.station in (None, one.id)]
    return joined(_now(look, day), _places(look, day, where), [_station(look, day, one, where) for one in places])


def _now(look: Looking, day: Day) -> Html:
    """Whose the queue is, and the way to change that."""
    told = _cloud if not day.hold else _giving if day.gives else _here
    return tag("section", list(told(look, day)), id="queue-now")


def _cloud(look: Looking, day: Day) -> Iterator[Html]:
    words, made = look.words, day.book.made_at
    age = words.ago((moment(look.at) - moment(made)).total_seconds())
    yield tag("h2", words("queue_of_cloud"))
    yield tag("p", words("queue_book", time=day.clock(made), ago=age), class_="quiet")
    yield tag("p", words("queue_take_what"))
    yield pages.form("/queue/take", look.session, tag("button", words("queue_take")))


def _giving(look: Looking, _day: Day) -> Iterator[Html]:
    yield tag("h2", look.words("queue_given"), role="status")


def _here(look: Looking, day: Day) -> Iterator[Html]:
    words, left = look.words, day.n - look.clockwork.holder.safe.n
    yield tag("h2", words("queue_of_gateway", time=day.clock(day.since)))
    yield tag("p", words("queue_left", n=left) if left else words("queue_all_told"), class_="quiet")
    yield tag("p", pages.link("/queue/in", words("queue_in")))
    if not look.clockwork.connected():
        yield tag("p", words("queue_stays" if look.clockwork.holder.stays else "queue_alone"))
        return
    yield tag("p", words("queue_give_what"))
    yield pages.form("/queue/give", look.session, tag("button", words("queue_give"), class_="plain"))


def _places(look: Looking, day: Day, where: Where) -> Html:
    """Where somebody may sit, each an address that can be kept."""
    links = [_link(look, "", look.words("queue_all"), where)] if where.path else []
    for place in day.book.places:
        doors = [_link(look, f"door/{one.id}", look.named(one), where) for one in place.doors]
        links += doors or [_link(look, f"station/{place.id}", look.named(place), where)]
    heading = tag("h2", look.words("queue_where"))
    return tag("section", heading, tag("nav", links, class_="row", aria_label=look.words("queue_where")), id="queue-at")


def _link(look: Looking, path: str, text: str, where: Where) -> Html:
    current: dict[str, Any] = {"aria_current": "page"} if path == where.path else {}
    return tag("a", text, href=f"/queue/{path}".rstrip("/"), class_="button", **current)


def _station(look: Looking, day: Day, place: Place, where: Where) -> Html:
    words, waits = look.words, day.line(place.id, look.at)
    rows = day.rows(place.id, look.at)
    inside = [one for one in rows if one.part.state in (Step.CALLED, *SERVED)]
    away = [one for one in rows if one.part.state in AWAY]
    title = tag("h2", look.named(place), " ", tag("span", words("queue_n_wait", n=len(waits)), class_="quiet"))
    body = [title, _next(look, day, place, where, waits), _rows(look, day, inside, where)]
    body += [tag("h3", words("queue_line")), *_line(look, day, place, waits, where)] if waits else []
    body += [tag("h3", words("queue_elsewhere")), _rows(look, day, away, where)] if away else []
    return tag("section", body, id=f"queue-{place.id}")


def _line(look: Looking, day: Day, place: Place, waits: list[Row], where: Where) -> Iterator[Html]:
    seen = waits if where.station else waits[:SHORT]
    yield tag("ol", [line(look, day, one, where) for one in seen], class_="instruments")
    if more := len(waits) - len(seen):
        yield tag("p", pages.link(f"/queue/station/{place.id}", look.words("queue_others", n=more)))


def _rows(look: Looking, day: Day, rows: list[Row], where: Where) -> Html | None:
    return tag("ul", [line(look, day, one, where) for one in rows], class_="instruments") if rows else None


def _next(look: Looking, day: Day, place: Place, where: Where, waits: list[Row]) -> Html | None:
    """Call whose turn it is: a button a door; with the door known, also for those who wait for somebody by name."""
    if not look.is_calling:
        return None
    doors, named = where.doors(place), Counter(one.part.for_ for one in waits if one.part.for_)
    forms = [_call_next(look, day, place, where, "")]
    if len(doors) < 2:
        forms += [_call_next(look, day, place, where, name) for name in named]
    said = [tag("p", look.words("queue_wait_for", n=n, name=name), class_="quiet") for name, n in named.items()]
    return tag("div", forms, said)


def _call_next(look: Looking, day: Day, place: Place, where: Where, for_: str) -> Html:
    words, doors = look.words, where.doors(place)
    seen = max(day.touched.get(("door", one), 0) for one in [-place.id, *(door.id for door in doors)])
    fields = hidden(station=place.id, here=where.path, seen=seen, **({"for_": for_} if for_ else {}))
    for_whom = f" {words('queue_also_for', name=for_)}" if for_ else ""
    said = {"class_": "plain" if for_ else None}
    buttons = [
        tag("button", words("queue_next_to", door=look.named(one)) + for_whom, name="door", value=one.id, **said)
        for one in doors
    ]
    return pages.form("/queue/next", look.session, *fields, *(buttons or [tag("button", words("queue_next"), **said)]))


def person(look: Looking, step: int, trouble: str) -> bytes | None:
    """One person, with everything that can be done; nothing where they are not here any more."""
    day = look.day
    row = day.row(step, look.at) if day and look.is_calling else None
    if day is None or row is None:
        return None
    place = day.places[row.part.station]
    head = [tag("h1", row.guest.ticket, class_="ticket"), tag("p", " · ".join(facts_of(look, day, row)))]
    head += [tag("p", look.words("queue_record_open"))] if row.part.state in (Step.EXAM_DRAFT, Step.REVIEWING) else []
    early = row.part.state == Step.CALLED and is_early(day, row, look.at)
    head += [tag("p", look.words("queue_early", s=day.book.rule.apart_s), class_="quiet")] if early else []
    card = tag("section", head, fates(look, day, row), id="person")
    parts = [_trouble(trouble), card, *_possible(look, day, row, place)]
    back = pages.link(f"/queue/station/{place.id}", look.named(place))
    return pages.page(look.words, row.guest.ticket, *parts, back, session=look.session)


def _possible(look: Looking, day: Day, row: Row, place: Place) -> Iterator[Html]:
    part = row.part
    if may(part.machine, part.state, Step.CALLED):
        yield _calling(look, day, row, place)
    plain = {"hold": ("queue_hold", Step.HELD), "back": ("queue_back", Step.WAITING)}
    can = [(deed, word) for deed, (word, wanted) in plain.items() if may(part.machine, part.state, wanted)]
    if can:
        yield _card(look, day, row, "queue_line", *(_deed(look, *one) for one in can))
    if any(may(part.machine, part.state, one) for one in (Step.MOVED, Step.ORDERS_PLACED)):
        yield _sending(look, day, row, place)
    if row.guest.due:
        yield _paying(look, day, row)
    if row.guest.due and not row.guest.passed:
        yield _passing(look, day, row)
    yield _card(
        look, day, row, "queue_gone", tag("p", look.words("queue_gone_what")), _deed(look, "gone", "queue_gone")
    )


def _card(look: Looking, day: Day, row: Row, title: str, *body: Any) -> Html:
    here = f"station/{row.part.station}"
    return tag("section", tag("h2", look.words(title)), form(look, day, row, here, *body))


def _deed(look: Looking, deed: str, word: str) -> Html:
    return tag("button", look.words(word), name="deed", value=deed, class_="plain")


def _calling(look: Looking, day: Day, row: Row, place: Place) -> Html:
    words = look.words
    doors = [
        tag("button", words("queue_call_to", door=look.named(one)), name="door", value=one.id) for one in place.doors
    ]
    return _card(
        look, day, row, "queue_call", *hidden(deed="this"), *(doors or [tag("button", words("queue_call_now"))])
    )


def _sending(look: Looking, day: Day, row: Row, place: Place) -> Html:
    options = [tag("option", look.named(one), value=one.id) for one in day.book.places if one.id != place.id]
    label = tag("label", look.words("queue_station"), for_="station")
    choice = tag("div", label, tag("select", *options, id="station", name="station"))
    return _card(
        look, day, row, "queue_send", tag("p", look.words("queue_send_what")), choice, _deed(look, "send", "queue_send")
    )


def _paying(look: Looking, day: Day, row: Row) -> Html:
    what = tag("p", look.words("queue_paid_what"))
    amount = {"value": f"{row.guest.due / 100:.2f}", "inputmode": "decimal", "required": True}
    field = _field("amount", look.words("queue_amount", currency=day.book.currency), **amount)
    return _card(look, day, row, "queue_paid", what, field, _deed(look, "paid", "queue_paid"))


def _passing(look: Looking, day: Day, row: Row) -> Html:
    what = tag("p", look.words("queue_pass_what"))
    why = _field("why", look.words("queue_why"), required=True, maxlength=200)
    by = _field("by", look.words("queue_by"), required=True, maxlength=60)
    return _card(look, day, row, "queue_pass", what, why, by, _deed(look, "pass", "queue_pass"))


def _field(name: str, label: str, **more: Any) -> Html:
    field = tag("input", type="text", id=name, name=name, autocomplete="off", **more)
    return tag("div", tag("label", label, for_=name), field)


def coming(look: Looking, trouble: str) -> bytes:
    """Take somebody in."""
    day, words = look.day, look.words
    offers = [one for one in day.book.offers if one.first in day.places] if day else []
    kinds = [_kind(look, day, one, is_first=n == 0) for n, one in enumerate(offers)] if day else []
    once = hidden(once=uuid.uuid4().hex)
    due = tag("input", type="time", id="due", name="due")
    time = tag("div", tag("label", words("queue_in_due"), for_="due"), due)
    group = tag("fieldset", tag("legend", words("queue_kind")), kinds, class_="row")
    entry = pages.form("/queue/in", look.session, once, group, time, tag("button", words("queue_in")))
    body = tag("section", tag("h1", words("queue_in")), entry)
    back = pages.link("/queue", words("queue"))
    return pages.page(words, words("queue_in"), _trouble(trouble), body, back, session=look.session)


def _kind(look: Looking, day: Day, offer: Offer, *, is_first: bool) -> Html:
    """A kind of registration, and how many numbers of it are left."""
    left = sum(lease.last - number + 1 for lease, number in day.left(day.today(look.at), offer.letter))
    names = {str(language): name for language, name in offer.names.items()}
    name = names.get(look.words.language) or next(iter(names.values()), offer.code)
    more: dict[str, Any] = {"checked": True} if is_first else {}
    field = tag("input", **{"type": "radio", "name": "kind", "value": offer.code, "id": f"kind-{offer.code}", **more})
    count = tag("span", look.words("queue_numbers", n=left), class_="quiet")
    return tag("label", field, " ", name, " ", count, for_=f"kind-{offer.code}")


def came(look: Looking, ticket: str, why: str) -> bytes:
    """The number of somebody who came, large enough to be read across a desk."""
    words = look.words
    number = tag("p", ticket, class_="ticket large", role="status")
    said = [tag("p", words("queue_not_printed"), class_="trouble"), tag("p", why, class_="why", lang="en")]
    outcome = said if why else tag("p", words("queue_printed"))
    card = tag("section", tag("h1", words("queue_came")), number, outcome)
    links = tag(
        "nav", pages.link("/queue/in", words("queue_in_next")), pages.link("/queue", words("queue")), class_="row"
    )
    return pages.page(words, words("queue_came"), card, links, session=look.session)
