"""The authority of this installation: a folder with its roots, each with an issuing authority below it.

A folder and not the database: a dump of the database can sign nothing, the PEM files are what mosquitto and stunnel
take as they are, and ``root.key`` may be carried away to a safe, as only a new issuing authority needs it. Keys are
0600. ``EMMETRA_AUTHORITY`` names it:

    roots.pem            the bundle that everybody trusts: one root, two during a roll-over
    issuing              which generation signs now
    1/root.pem  root.key  issuing.pem  issuing.key
    1/left               since when it signs no more
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cloud.enrolment import certificates
from cloud.enrolment.certificates import Revoked, Signer
from cloud.enrolment.choices import CERTIFICATE_DAYS, GRACE
from cloud.enrolment.errors import NoAuthority

ROOT_LIFE, ISSUING_LIFE, SERVICE_LIFE = timedelta(days=3652), timedelta(days=1826), timedelta(days=397)
MISSING = "there is no authority; set EMMETRA_AUTHORITY to a folder and run 'emmetra cloud authority init'"


class NotNow(Exception):
    """A root cannot be used or retired at present; says why."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A root and what signs below it; ``left`` since when it does not."""

    name: str
    root: x509.Certificate
    issuing: Signer
    left: datetime | None


@dataclass(frozen=True, slots=True)
class Authority:
    """``generations`` are all that are trusted, the one that signs first."""

    folder: Path
    generations: tuple[Generation, ...]

    @classmethod
    def open(cls, folder: str | Path | None) -> "Authority":
        """The authority in a folder. Raises NoAuthority."""
        try:
            place = Path(folder or "")
            if not folder:
                raise NoAuthority(MISSING)
            signs = (place / "issuing").read_text().strip()
            found = [_generation(one) for one in sorted(place.iterdir()) if (one / "issuing.pem").is_file()]
        except (OSError, ValueError) as trouble:
            raise NoAuthority(MISSING) from trouble
        return cls(place, tuple(sorted(found, key=lambda one: one.name != signs)))

    @property
    def signer(self) -> Signer:
        """What signs now."""
        return self.generations[0].issuing

    @property
    def roots(self) -> str:
        """The bundle to trust, as PEM."""
        return certificates.pem(*(one.root for one in self.generations))

    @property
    def root_names(self) -> list[str]:
        """Fingerprints of the bundle."""
        return [certificates.fingerprint(one.root) for one in self.generations]

    def client(self, name: str, key: object, at: datetime, days: int) -> tuple[x509.Certificate, str]:
        """A client's certificate, and it with its chain as PEM."""
        made = certificates.client(self.signer, name, key, at, timedelta(days=days))
        return made, certificates.pem(made, self.signer.certificate)

    def server(self, hosts: Sequence[str], key: object, at: datetime) -> str:
        """A server's certificate with its chain, as PEM."""
        made = certificates.server(self.signer, hosts, key, at, SERVICE_LIFE)
        return certificates.pem(made, self.signer.certificate)

    def revocation_lists(self, revoked: Iterable[Revoked], at: datetime) -> str:
        """A list for every signer, one below the other, as PEM: a broker wants one from each it trusts."""
        lines = list(revoked)
        signers = [one.issuing for one in self.generations]
        return "".join(certificates.revocation_list(s, [r for r in lines if r.signer == s.name], at) for s in signers)


def found(folder: Path, at: datetime) -> Authority:
    """Make the authority, with one root. Raises NotNow where there is one."""
    if (folder / "issuing").exists():
        raise NotNow(f"there is an authority in {folder} already")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _add(folder, "1", at)
    write(folder / "issuing", "1\n")
    return _told(folder)


def add_root(folder: Path, at: datetime) -> Authority:
    """Add a root to the bundle; it signs nothing yet. Raises NoAuthority, NotNow."""
    there = Authority.open(folder)
    if len(there.generations) > 1:
        raise NotNow("there are two roots already; one is retired before a third comes")
    _add(folder, str(max(int(one.name) for one in there.generations) + 1), at)
    return _told(folder)


def use_root(folder: Path, name: str, at: datetime) -> Authority:
    """Sign below this root from now on. Raises NoAuthority, NotNow."""
    there = Authority.open(folder)
    if name not in {one.name for one in there.generations}:
        raise NotNow(f"there is no root {name}")
    if there.generations[0].name != name:
        write(folder / there.generations[0].name / "left", f"{at.isoformat()}\n")
        write(folder / "issuing", f"{name}\n")
    return _told(folder)


def retire_root(folder: Path, name: str, at: datetime, *, anyway: bool = False) -> Authority:
    """Trust a root no more; its folder is kept under ``retired``. Raises NoAuthority, NotNow."""
    there = Authority.open(folder)
    one = next((one for one in there.generations if one.name == name), None)
    if one is None:
        raise NotNow(f"there is no root {name}")
    if one is there.generations[0]:
        raise NotNow(f"root {name} signs; another one is used first (use-root)")
    last = one.left + timedelta(days=CERTIFICATE_DAYS) + GRACE if one.left else at
    if at < last and not anyway:
        raise NotNow(f"certificates below root {name} may be in use until {last:%Y-%m-%d}; --anyway cuts them off")
    (folder / "retired").mkdir(exist_ok=True, mode=0o700)
    shutil.move(folder / name, folder / "retired" / name)
    return _told(folder)


def write(path: Path, text: str, *, secret: bool = False) -> None:
    """Put a file in place whole or not at all; a secret is the owner's alone."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o644), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """A private key as PKCS#8, not encrypted."""
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none).decode()


def _add(folder: Path, name: str, at: datetime) -> None:
    root = certificates.root(f"Emmetra root {name} {at:%Y-%m-%d}", at, ROOT_LIFE)
    issuing = certificates.issuer(f"Emmetra issuing {name} {at:%Y-%m-%d}", root, at, ISSUING_LIFE)
    fresh = folder / f".{name}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for word, signer in (("root", root), ("issuing", issuing)):
        write(fresh / f"{word}.pem", certificates.pem(signer.certificate))
        write(fresh / f"{word}.key", key_pem(signer.key), secret=True)
    fresh.rename(folder / name)


def _told(folder: Path) -> Authority:
    there = Authority.open(folder)
    write(folder / "roots.pem", there.roots)
    return there


def _generation(folder: Path) -> Generation:
    root = certificates.read((folder / "root.pem").read_text())
    key = serialization.load_pem_private_key((folder / "issuing.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the issuing key is of another kind")
    left = folder / "left"
    since = datetime.fromisoformat(left.read_text().strip()) if left.exists() else None
    return Generation(folder.name, root, Signer(certificates.read((folder / "issuing.pem").read_text()), key), since)
