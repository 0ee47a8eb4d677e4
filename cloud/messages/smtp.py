"""One e-mail to a mail server, and what came of it: taken, not now, never, or nobody knows."""

import contextlib
import smtplib
import ssl
from email.message import EmailMessage

from cloud.messages.choices import Why
from cloud.messages.errors import Doubtful, Refused
from cloud.messages.office import Server

TIMEOUT_S = 20.0
TAKEN, FORWARDED, GO_ON, NEVER = 250, 251, 354, 500


def send(server: Server, sender: str, recipient: str, letter: EmailMessage) -> None:
    """Hand an e-mail over; returning means that it was taken.

    Until the body is on its way it is certain that nothing was sent. Once its end may have arrived, silence leaves it
    in doubt (RFC 5321, 4.5.3.2.6 and 6.1).

    Raises:
        Refused: the server said no, or was not to be had before the body went out.
        Doubtful: the body was handed over, and no answer came.
    """
    body, line = _dotted(letter), _connected(server)
    try:
        _begin(line, sender, recipient)
        _hand_over(line, body)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):  # whatever it says now changes nothing
            line.quit()
        line.close()


def _connected(server: Server) -> smtplib.SMTP:
    """A line to the server, encrypted wherever it can be; a password never crosses one that is not. Raises Refused."""
    try:
        trust = ssl.create_default_context()
        if server.implicit:
            return _greeted(smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=trust), server, None)
        return _greeted(smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S), server, trust)
    except (smtplib.SMTPException, OSError):  # a wrong password is ours to mend, and no letter's fault
        raise Refused(Why.SERVER_AWAY, later=True) from None


def _greeted(line: smtplib.SMTP, server: Server, trust: ssl.SSLContext | None) -> smtplib.SMTP:
    try:
        line.ehlo_or_helo_if_needed()
        if trust and not server.plain and (line.has_extn("starttls") or server.user):
            line.starttls(context=trust)
            line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _begin(line: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Everything before the body. Raises Refused."""
    try:
        if line.mail(sender)[0] != TAKEN:  # who we are is ours to mend
            raise Refused(Why.SERVER_AWAY, later=True)
        _heed(line.rcpt(recipient), TAKEN, FORWARDED)
        line.putcmd("data")
        _heed(line.getreply(), GO_ON)
    except Refused:
        raise
    except ValueError:  # an address that cannot be written on this line
        raise Refused(Why.UNREADABLE, later=False) from None
    except (smtplib.SMTPException, OSError):
        raise Refused(Why.SERVER_AWAY, later=True) from None


def _hand_over(line: smtplib.SMTP, body: bytes) -> None:
    """The body and its end. Raises Refused, Doubtful."""
    try:
        line.send(body)
        _heed(line.getreply(), TAKEN)
    except (smtplib.SMTPException, OSError) as trouble:
        raise Doubtful(type(trouble).__name__) from None


def _heed(answer: tuple[int, bytes], *wanted: int) -> None:
    """The server's own words may quote an address: only its number is kept. Raises Refused."""
    code = answer[0]
    if code in wanted:
        return
    if code < 0:
        raise smtplib.SMTPServerDisconnected("the line broke")
    later = code < NEVER
    raise Refused(Why.SERVER_BUSY if later else Why.REFUSED, later=later, said=str(code))


def _dotted(letter: EmailMessage) -> bytes:
    """The message as it goes over the line: a dot at the start of a line is doubled, a dot alone ends it."""
    lines = letter.as_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    body = b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines)
    return body.removesuffix(b"\r\n") + b"\r\n.\r\n"
