"""Asking the cloud over HTTPS, with a root that was known before the question."""

import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from edge.identity.refusals import EnrolmentRefused
from protocols.envelope.enrolment import Answer, Enrol, Refused, Renew

PATIENCE_S = 20.0
LARGEST = 1 << 20
IMAGE_ROOT = Path("/etc/emmetra/root.pem")
PATHS = {Enrol: "/gateways/v1/enrol", Renew: "/gateways/v1/renew"}
ROOTS = "/gateways/v1/roots"

# OpenSSL's numbers of what is wrong with a certificate (openssl-verification-options(1))
NOT_YET_VALID, EXPIRED, WRONG_NAME, WRONG_NUMBER = 9, 10, 62, 64


def pinned(roots: str) -> ssl.SSLContext:
    """Trust these roots and no other. Raises EnrolmentRefused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=roots)
    except ssl.SSLError:
        raise EnrolmentRefused(
            "The root certificate cannot be read. It must be a PEM file; take the one from the cloud's enrolment page."
        ) from None
    return context


def fetch_roots(cloud: str) -> str:
    """What the cloud says its roots are. Nobody vouches for it: compare a fingerprint before it is used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return _exchange(urllib.request.Request(_whole(cloud) + ROOTS), context).decode("utf-8", "replace")  # noqa: S310


def ask(cloud: str, question: Enrol | Renew, context: ssl.SSLContext) -> Answer:
    """The cloud's answer. Raises EnrolmentRefused with what to do next."""
    request = urllib.request.Request(  # noqa: S310 - _whole lets https through alone
        _whole(cloud) + PATHS[type(question)],
        data=msgspec.json.encode(question),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    body = _exchange(request, context)
    try:
        answer: Answer = msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise EnrolmentRefused(
            f"{cloud} answered, but not as an Emmetra cloud does. Check the address in --cloud."
        ) from None
    return answer


def _whole(cloud: str) -> str:
    address = urlsplit(cloud)
    if address.scheme != "https" or not address.hostname:
        raise EnrolmentRefused(f"{cloud!r} is no address of a cloud. Write --cloud https://name")
    return cloud.rstrip("/")


def _exchange(request: urllib.request.Request, context: ssl.SSLContext) -> bytes:
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _Straight())
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            return bytes(answer.read(LARGEST))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _told(refusal.code, refusal.read(LARGEST), request.host)
    except urllib.error.URLError as failure:
        raise explain(failure.reason, request.host) from None
    except (OSError, http.client.HTTPException) as failure:
        raise explain(failure, request.host) from None


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: the claim is for the cloud that was named."""

    def redirect_request(self, *_: object) -> None:
        """None lets the redirection stand as an error."""


def _told(code: int, body: bytes, host: str) -> bytes:
    """A refusal is an answer too; anything else is the cloud's trouble, not ours."""
    try:
        if isinstance(msgspec.json.decode(body, type=Answer), Refused):
            return body
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    if code == 429:
        raise EnrolmentRefused(f"{host} was asked too often. Wait a minute, then run the same command again.")
    raise EnrolmentRefused(
        f"{host} answered with {code} and cannot help at the moment. Run the same command again in a few minutes."
    )


def explain(failure: object, host: str) -> EnrolmentRefused:
    """Why the cloud could not be asked, in the words of the person before the box."""
    if isinstance(failure, ssl.SSLCertVerificationError):
        return _untrusted(failure, host)
    if isinstance(failure, ssl.SSLError):
        return EnrolmentRefused(f"{host} does not speak HTTPS ({failure.reason}). Check the address in --cloud.")
    if isinstance(failure, socket.gaierror):
        return EnrolmentRefused(
            f"The name {host} is not known here: there is no network, or no DNS, or the name is wrong. "
            "Check the cable and --cloud, then run the same command again."
        )
    if isinstance(failure, ConnectionRefusedError):
        return EnrolmentRefused(f"Nothing listens at {host}. Check --cloud, then run the same command again.")
    if isinstance(failure, TimeoutError):
        return EnrolmentRefused(
            f"{host} does not answer. Check the network and whether the firewall lets HTTPS out, then run it again."
        )
    return EnrolmentRefused(
        f"{host} cannot be reached ({failure}). Check the network, then run the same command again."
    )


def _untrusted(failure: ssl.SSLCertVerificationError, host: str) -> EnrolmentRefused:
    if failure.verify_code in (NOT_YET_VALID, EXPIRED):
        return EnrolmentRefused(
            f"By the clock of this box ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC) the certificate of {host} is not "
            "valid. If that is not the time, set it with `timedatectl set-time` or let NTP do it; then run the same "
            "command again."
        )
    if failure.verify_code in (WRONG_NAME, WRONG_NUMBER):
        return EnrolmentRefused(f"The certificate at {host} is for another name. Check the address in --cloud.")
    return EnrolmentRefused(
        f"{host} cannot prove that it is your cloud: its certificate is not signed by the root this box was given "
        f"({failure.verify_message}). Nothing was sent. Check --cloud, and the root or fingerprint on the claim."
    )


def root_for(cloud: str, root: Path | None, digest: str | None) -> str:
    """The root to trust: named, or by its fingerprint, or of the image. Raises EnrolmentRefused when there is none."""
    if digest is not None:
        return _by_digest(cloud, digest)
    path = root or IMAGE_ROOT
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise EnrolmentRefused(
            f"There is no root certificate at {path}, so no cloud can be trusted. "
            "Write --root-sha256 with the fingerprint printed on the claim, or --root FILE."
        ) from None


def _by_digest(cloud: str, digest: str) -> str:
    import hashlib

    wanted = digest.replace(":", "").replace(" ", "").lower()
    for found in certificates(fetch_roots(cloud)):
        if hashlib.sha256(ssl.PEM_cert_to_DER_cert(found)).hexdigest() == wanted:
            return found
    raise EnrolmentRefused(
        f"{cloud} has no root with this fingerprint, so it may not be your cloud. Nothing was sent. "
        "Check --cloud and --root-sha256 against the claim."
    )


def certificates(text: str) -> list[str]:
    """The certificates of a bundle, PEM each; also of one that came wrapped in JSON as ``roots``."""
    if text.lstrip().startswith("{"):
        try:
            text = str(json.loads(text).get("roots", ""))
        except ValueError:
            return []
    end = "-----END CERTIFICATE-----"
    pieces = (piece[piece.find("-----BEGIN CERTIFICATE-----") :] for piece in text.split(end)[:-1])
    return [piece + end + "\n" for piece in pieces if piece.startswith("-----BEGIN")]
