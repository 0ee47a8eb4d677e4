"""The line to a mail server: encrypted, or no password crosses it. A real server with a certificate of its own."""

import datetime
import ipaddress
import ssl
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cloud.kernel.settings import Misconfigured, Settings
from cloud.messages import smtp
from cloud.messages.choices import Why
from cloud.messages.errors import Refused
from cloud.messages.office import Office, Server, server
from tests.cloud.messages.mail_here import mail_server


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("papers"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins + datetime.timedelta(days=9))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = made.add_extension(names, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    return folder


@pytest.fixture
def box(papers):
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(papers / "cert.pem", papers / "key.pem")

    def known(_server, _session, _envelope, _mechanism, told):
        right = isinstance(told, LoginPassword) and (told.login, told.password) == (b"user", b"p@ss word")
        return AuthResult(success=right)

    with mail_server(tls_context=trust, require_starttls=True, auth_required=True, authenticator=known) as found:
        yield found


def letter():
    made = EmailMessage()
    made["Subject"], made["Message-ID"] = "Hello", "<1@practice.test>"
    made.set_content(".a dot\n..two\n\nthe end\n")
    return made


def send(to):
    smtp.send(to, "a@practice.test", "b@example.test", letter())


def test_a_line_that_can_be_trusted_carries_the_password_and_every_dot(box, papers, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(papers / "cert.pem"))
    send(Server("127.0.0.1", box.port, "user", "p@ss word"))
    assert box.mails[0].get_content().splitlines() == [".a dot", "..two", "", "the end"]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_wrong_password_or_a_strangers_certificate_is_ours_to_mend_and_no_letters_fault(
    box, papers, monkeypatch, trusted
):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(papers / "cert.pem"))
    with pytest.raises(Refused) as refusal:
        send(Server("127.0.0.1", box.port, "user", "wrong" if trusted else "p@ss word"))
    assert (refusal.value.why, refusal.value.later, box.mails) == (Why.SERVER_AWAY, True, [])


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail.test", Server("mail.test", 587)),
        ("smtps://u%40x:p%3As%2Fs@mail.test:4650", Server("mail.test", 4650, "u@x", "p:s/s", implicit=True)),
        ("smtp://127.0.0.1:25?tls=never", Server("127.0.0.1", 25, plain=True)),
    ],
)
def test_a_server_is_named_by_an_address(url, told):
    assert server(url) == told
    assert "p:s/s" not in repr(told)


@pytest.mark.parametrize("url", ["mail.test", "http://mail.test", "smtp://", "smtp://mail.test:none", "smtp://[::1"])
def test_an_address_that_cannot_be_read_says_what_to_set(url):
    with pytest.raises(Misconfigured, match="EMMETRA_SMTP_URL"):
        server(url)


def test_a_mail_server_wants_a_sender_and_an_address_for_links():
    told = {"smtp_url": "smtp://mail.test", "mail_from": "Practice <no-reply@practice.test>"}
    made = Office.of(Settings("x", "y", **told, public_url="https://book.test/", local_messages=" demo, training"))
    assert (made.address, made.public_url) == ("no-reply@practice.test", "https://book.test")
    assert [made.keeps(one) for one in ("demo", "training", "other")] == [True, True, False]
    for missing in ({**told, "mail_from": "nobody"}, told):
        with pytest.raises(Misconfigured, match="EMMETRA_"):
            Office.of(Settings("x", "y", **missing))
