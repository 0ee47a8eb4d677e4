"""A letter's row becomes what is read: an e-mail with its parts, or a text for a telephone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, select_autoescape

from cloud.kernel.clock import now
from cloud.messages import texts
from cloud.messages.letters import File
from cloud.messages.models import Letter
from cloud.messages.standing import Manner
from cloud.messages.texts import filled

FOLDER = Path(__file__).with_name("templates") / "messages"
CALENDAR = "text/calendar"


@dataclass(frozen=True)
class Page:
    """A letter in words. ``action`` is what a button says and where it leads, ``scan`` the same of a QR code."""

    language: str
    sender: str
    subject: str
    title: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    action: tuple[str, str] | None
    scan: tuple[str, str] | None
    after: tuple[str, ...]
    text: str


def page(one: Letter, manner: Manner, public_url: str, secret: Mapping[str, str] | None = None) -> Page:
    """A letter with its words; ``secret`` stands in for the row's own, for those who may not read it."""
    hidden = secret if secret is not None else whole(one.secret or {}, public_url)
    words = {"name": one.name, "sender": manner.sender, **one.words, **hidden}
    text = texts.text(one.template, one.version, one.language)
    return Page(
        text.language,
        manner.sender,
        " ".join(filled(text.subject, words).split()),
        filled(text.title, words),
        _lines(text.lines, words),
        tuple((filled(label, words), told) for label, value in text.facts if (told := filled(value, words))),
        _leads(text.action, words),
        _leads(text.scan, words),
        _lines(text.after, words),
        filled(text.text, words),
    )


def _leads(said: tuple[str, str] | None, words: Mapping[str, str]) -> tuple[str, str] | None:
    """Words and an address; None without one."""
    word, address = (filled(part, words) for part in said or ("", ""))
    return (word, address) if address else None


def whole(secret: Mapping[str, str], public_url: str) -> dict[str, str]:
    """Secrets with links' paths made whole addresses."""
    return {name: f"{public_url}{value}" if value.startswith("/") else value for name, value in secret.items()}


def masked(one: Letter) -> dict[str, str]:
    """What stands where secrets stood, for pages of staff."""
    wanted = texts.text(one.template, one.version, one.language).wants() - set(one.words)
    return dict.fromkeys(wanted, "•••")


def html(made: Page, code: str = "") -> str:
    """The e-mail as mail programs show it, in light and dark; ``code`` is the Content-ID of its QR code."""
    return _mails().get_template("mail.html").render(page=made, code=code)


def plain(made: Page) -> str:
    """The same for whoever reads text."""
    facts = [f"{label}: {value}" for label, value in made.facts]
    action = [f"{made.action[0]}: {made.action[1]}"] if made.action else []
    blocks = [made.title, *made.lines, "\n".join(facts), *action, *made.after, f"-- \n{made.sender}"]
    return "\n\n".join(block for block in blocks if block) + "\n"


def mail(one: Letter, made: Page, manner: Manner, mail_from: str, files: Iterable[File]) -> EmailMessage:
    """An e-mail: text, HTML and, for a calendar file, the part that mail programs act on, with the file beside it."""
    letter = EmailMessage(policy=SMTP.clone(max_line_length=998))
    letter["From"] = formataddr((manner.sender, mail_from))
    letter["To"] = formataddr((one.name, one.address))
    letter["Subject"] = made.subject
    letter["Date"] = format_datetime(now())
    letter["Message-ID"] = one.message_id
    letter["Content-Language"] = made.language
    letter["Auto-Submitted"] = "auto-generated"
    if manner.reply_to:
        letter["Reply-To"] = manner.reply_to
    letter.set_content(plain(made))
    code = make_msgid("code", mail_from.partition("@")[2]) if made.scan else ""
    letter.add_alternative(html(made, code.strip("<>")), subtype="html")
    if made.scan:
        _draw(letter, made.scan[1], code)
    for file in files:
        _enclose(letter, file)
    return letter


def _draw(letter: EmailMessage, address: str, code: str) -> None:
    """A QR code as a picture beside the HTML part: mail programs show no SVG."""
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=4)
    *_text, page = letter.iter_parts()
    assert isinstance(page, EmailMessage)  # noqa: S101 - it was added as one
    page.add_related(picture.getvalue(), "image", "png", cid=code, disposition="inline", filename="code.png")


def _enclose(letter: EmailMessage, file: File) -> None:
    main, _, rest = file.media_type.partition("/")
    kind, *parameters = [one.strip() for one in rest.split(";")]
    if f"{main}/{kind}" != CALENDAR:
        letter.add_attachment(file.data, maintype=main, subtype=kind, filename=file.name)
        return
    told = dict(one.split("=", 1) for one in parameters if "=" in one)
    text = file.data.decode()
    if letter.get_content_type() == "multipart/alternative":
        letter.add_alternative(text, subtype=kind, params=told)
    letter.add_attachment(text, subtype=kind, filename=file.name, params=told)


def _lines(lines: Iterable[str], words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(told for line in lines if (told := filled(line, words)))


@cache
def _mails() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]))
