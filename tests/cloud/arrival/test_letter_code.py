"""The QR code in a booking's letters, read by a stranger's decoder: it leads to the button, and the kiosk knows it."""

from datetime import timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from cloud.booking import letters, listing
from cloud.kernel.clock import now
from cloud.messages import models, office, sending
from cloud.people import services as people
from tests.cloud.arrival.door_here import BORN
from tests.cloud.messages.letters_here import never_quiet
from tests.cloud.messages.mail_here import mail_server

HOST = "https://book.test"


class Pictures(HTMLParser):
    """Where the pictures of a page come from."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if (tag, name) == ("img", "src")]


@pytest.fixture
def mail(doors, monkeypatch):
    """Grace's letter of a kind, as a mail server got it; her visit is about now, and was booked an hour ago."""
    before = office.of(doors.engine)
    never_quiet(doors.engine, doors.world)
    with doors.work() as session:
        people.add_contact(session, doors.world.grace, kind="email", value="grace@example.test", by=None)

    def sent(kind="confirmed", **person):
        doors.person(doors.world.grace, **person)
        visit = doors.booked()
        with doors.work() as session, monkeypatch.context() as earlier:
            earlier.setattr(letters.visits, "now", lambda: now() - timedelta(hours=1))
            getattr(letters, kind)(session, listing.one(session, visit))
            letter = session.scalars(select(models.Letter.id).order_by(models.Letter.id)).first()
        with mail_server() as box:
            office.install(doors.engine, box.office)
            assert sending.deliver(doors.engine, doors.world.one, letter) == "sent"
        return box.mails[0]

    yield sent
    office.install(doors.engine, before)


def page_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def scanned(mail: EmailMessage) -> str:
    """What a phone reads of the picture that the HTML shows."""
    [source] = Pictures(page_of(mail)).sources
    named = {part["Content-ID"]: part for part in mail.walk() if part["Content-ID"]}
    picture = named[f"<{source.removeprefix('cid:')}>"]
    assert (picture.get_content_type(), picture.get_content_disposition()) == ("image/png", "inline")
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(picture.get_content())))
    return code.text


def test_the_code_of_the_confirmation_leads_to_the_button_and_to_a_ticket(doors, mail):
    letter = mail()
    address = scanned(letter)
    assert (address.startswith(f"{HOST}/b/"), f'href="{address}"' in page_of(letter)) == (True, True)
    one = doors.browser()
    page = one.read(address.removeprefix(HOST)).text
    arrive = f"/arrive/{address.rpartition('/')[2]}"
    assert (f'action="{arrive}"' in page, "I am here" in page) == (True, True)
    assert "V001" in one.send(arrive).text


def test_the_kiosk_takes_the_code_as_its_scanner_reads_it(doors, mail):
    one, address = doors.browser(), f"/kiosk/{doors.kiosk}/visit"
    one.read(address)
    born = {"day": BORN.day, "month": BORN.month, "year": BORN.year}
    assert "V001" in one.send(address, code=scanned(mail()), **born).text


def test_the_code_stands_beside_the_page_and_the_calendar_keeps_its_place(mail):
    letter = mail()
    assert letter.get_content_type() == "multipart/mixed"
    ways, file = letter.iter_parts()
    assert [part.get_content_type() for part in ways.iter_parts()] == [
        *("text/plain", "multipart/related", "text/calendar"),
    ]
    assert file.get_filename() == "appointment.ics"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "hold this code under the scanner"), ("zh", "对准门口的扫码器")]
)
def test_beside_the_code_it_says_what_it_is_for(mail, language, words):
    assert words in page_of(mail(language=language))


def test_a_cancelled_visit_has_no_code(mail):
    letter = mail("cancelled")
    assert Pictures(page_of(letter)).sources == []
    assert [part for part in letter.walk() if part.get_content_maintype() == "image"] == []


def test_staff_see_that_there_is_a_code_and_not_which(doors, mail, rosa):
    token = scanned(mail()).rpartition("/")[2]
    with doors.work() as session:
        letter = session.scalars(select(models.Letter.id).order_by(models.Letter.id)).first()
    page = rosa.get(f"/messages/{letter}").text
    assert ("hold this code under the scanner" in page, token in page) == (True, False)
