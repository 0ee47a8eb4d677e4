"""A small cloud over real HTTPS: claims with a script, an authority with roots, and what it was asked."""

import base64
import datetime as dt
import hashlib
import ipaddress
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)
PEM = serialization.Encoding.PEM


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(*certificates):
    return "".join(one.public_bytes(PEM).decode() for one in certificates)


class Root:
    """A root with an issuer below it."""

    def __init__(self, name="root"):
        self.key, self.issuer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.certificate = self._sign(named(name), self.key.public_key(), named(name), self.key, ca=1)
        self.issuer = self._sign(named(f"{name} issuer"), self.issuer_key.public_key(), named(name), self.key, ca=0)

    @property
    def pem(self):
        return pem(self.certificate)

    @property
    def fingerprint(self):
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def client(self, name, public, *, life=90 * DAY):
        """Leaf and chain for a gateway."""
        return self._sign(named(name), public, self.issuer.subject, self.issuer_key, life=life), self.issuer

    def server(self, folder, name="127.0.0.1", *, life=90 * DAY, begin=-DAY):
        """Paths of chain and key for a server; it answers to localhost, 127.0.0.1 and broker.test."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self._sign(
            named(name), key.public_key(), self.issuer.subject, self.issuer_key, host=name, life=life, begin=begin
        )
        chain, path = folder / f"server-{self.fingerprint[:8]}.pem", folder / f"server-{self.fingerprint[:8]}.key"
        chain.write_text(pem(leaf, self.issuer))
        path.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return chain, path

    def crl(self, *certificates):
        """The issuer's list with these on it, PEM."""
        now = dt.datetime.now(dt.UTC)
        made = x509.CertificateRevocationListBuilder().issuer_name(self.issuer.subject)
        made = made.last_update(now - DAY).next_update(now + DAY)
        for one in certificates:
            line = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(now - DAY)
            made = made.add_revoked_certificate(line.build())
        return made.sign(self.issuer_key, hashes.SHA256()).public_bytes(PEM).decode()

    def _sign(self, name, public, issuer, key, *, ca=None, host=None, life=90 * DAY, begin=-DAY):
        now = dt.datetime.now(dt.UTC)
        made = x509.CertificateBuilder(
            issuer, name, public, x509.random_serial_number(), now + begin, now + life
        ).add_extension(x509.BasicConstraints(ca is not None, ca), critical=True)
        if host is not None:
            names = [
                x509.DNSName("localhost"),
                x509.DNSName("broker.test"),
                x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            ]
            made = made.add_extension(
                x509.SubjectAlternativeName(names if host == "127.0.0.1" else [x509.DNSName(host)]), critical=False
            )
        return made.sign(key, hashes.SHA256())


class Cloud:
    """Says yes to the claim ``CLAIM``; ``script`` holds what it says instead, first come first said."""

    CLAIM = "7K2MQ-9RD1X-4TEST"

    def __init__(self, folder, *, root=None, address="demo/main/gw-1", broker="mqtts://127.0.0.1:8883", tls=None):
        self.root = root or Root()
        self.roots = self.root.pem
        self.address, self.broker, self.life = address, broker, 90 * DAY
        self.asked, self.script, self.issued, self.config = [], [], {}, None
        self.lose_answers = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(tls or self.root.server(folder)))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path, question):
        """Status and body."""
        self.asked.append((path, question))
        if self.script:
            said = self.script.pop(0)
            return said if isinstance(said, tuple) else (200, said)
        csr = x509.load_pem_x509_csr(question["csr"].encode())
        if path.endswith("/renew"):
            old = x509.load_pem_x509_certificate(question["certificate"].encode())
            der = csr.public_bytes(serialization.Encoding.DER)
            old.public_key().verify(base64.b64decode(question["proof"]), der, ec.ECDSA(hashes.SHA256()))
        elif question["claim"] != self.CLAIM:
            return 404, {"answer": "refused", "why": "There is no such claim. Look at the paper again."}
        return 200, self._issue(csr.public_key())

    def _issue(self, public):
        spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        who = hashlib.sha256(spki).hexdigest()
        if who not in self.issued:
            self.issued[who] = pem(*self.root.client(self.address, public, life=self.life))
        now = dt.datetime.now(dt.UTC)
        said = {"answer": "issued", "address": self.address, "certificate": self.issued[who], "roots": self.roots}
        said |= {"broker": self.broker, "cloud": self.url, "renew_after": (now + self.life * 2 / 3).isoformat()}
        return said | ({"config": self.config, "config_version": 1} if self.config else {})

    def _handler(cloud):  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._say(200, cloud.roots.encode(), "application/x-pem-file")

            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, said = cloud.answer(self.path, question)
                if cloud.lose_answers:
                    cloud.lose_answers -= 1
                    self.close_connection = True
                    return
                self._say(status, json.dumps(said).encode() if not isinstance(said, bytes) else said)

            def _say(self, status, body, kind="application/json"):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
