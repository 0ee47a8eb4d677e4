"""Checks of the files that TLS needs."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

SOON_DAYS = 14
DAY = 86_400


def roots(site: Site) -> list[Said]:
    """Whom do we trust?"""
    broker = site.config.broker
    if not broker.secure:
        return [said("plain")]
    return [said("system")] if broker.ca is None else [_until(site, broker.ca)]


def certificate(site: Site) -> list[Said]:
    """Who are we, and for how long?"""
    broker = site.config.broker
    if not broker.secure:
        return [said("plain")]
    return [said("none")] if broker.certificate is None else [_until(site, broker.certificate)]


def _until(site: Site, path: Path) -> Said:
    try:
        # CPython's own test helper; the alternative is a library of 10 MB for one date.
        found = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
        begins, ends = (ssl.cert_time_to_seconds(found[key]) for key in ("notBefore", "notAfter"))
    except (OSError, ValueError, KeyError):
        return said("unreadable", path=path)
    days = (ends - site.now()) / DAY
    until = datetime.fromtimestamp(ends, UTC).date()
    if begins > site.now() + DAY:
        return said("not_yet", day=datetime.fromtimestamp(begins, UTC).date())
    return said("expired" if days < 0 else "soon" if days < SOON_DAYS else "ok", day=until)


def key(site: Site) -> list[Said]:
    """Does the key belong to the certificate?"""
    broker = site.config.broker
    if not broker.secure or broker.certificate is None:
        return [said("none")]
    if broker.token is not None:
        return [said("token")]
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(broker.certificate, broker.key)
    except ssl.SSLError as refusal:
        return [said("stranger" if refusal.reason == "KEY_VALUES_MISMATCH" else "unreadable", path=broker.key)]
    except OSError:
        return [said("unreadable", path=broker.key)]
    return [said("ok")]


def key_permissions(site: Site) -> list[Said]:
    """Can anybody else read the key?"""
    path = site.config.broker.key
    if path is None:
        return [said("none")]
    try:
        mode = path.stat().st_mode
    except OSError:
        return [said("none")]
    return [said("open" if mode & 0o077 else "ok", path=path, mode=f"{mode & 0o777:o}")]


def renewal(site: Site) -> list[Said]:
    """Is the next certificate due, and does it come?"""
    found = site.papers()
    if found is None:
        return [said("not_enrolled")]
    day = datetime.fromtimestamp(found.renew_after, UTC).date()
    return [said("overdue" if site.now() > found.renew_after + DAY else "ok", day=day)]
