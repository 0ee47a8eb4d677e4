"""The same parts as they stand in production: an authority, HTTPS, mosquitto with TLS 1.3, and gateways with papers."""

from pathlib import Path

from deploy.broker.mosquitto import NotInstalled, program
from deploy.broker.production import RULES, moved
from deploy.demo.children import Children, answers, free_port
from deploy.demo.parts import Parts

HOST = "localhost"
LIST = "crl.pem"


class SecureParts(Parts):
    """Everything on one desk, each part known to the others by its certificate."""

    def __init__(self, children: Children, folder: Path, *, web: int = 0) -> None:
        super().__init__(children, folder, web=web)
        self.https_port, self.services_port = free_port(), free_port()
        self.mosquitto = folder / "mosquitto"
        self.mosquitto.mkdir(exist_ok=True)

    @property
    def cloud(self) -> str:
        """Where gateways find the cloud."""
        return f"https://{HOST}:{self.https_port}"

    @property
    def roots(self) -> Path:
        """The bundle of the authority."""
        return self.authority_folder / "roots.pem"

    def found(self) -> None:
        """An authority, and certificates for the servers and for ingest."""
        self.authority("init")
        self.certify()
        self.authority("issue-service", "svc/ingest", "--out", str(self.folder / "svc-ingest"))

    def certify(self) -> None:
        """A certificate for broker and HTTPS below the root that signs now; with it the bundle."""
        self.authority("issue-server", "--host", HOST, "--host", "127.0.0.1", "--out", str(self.mosquitto))
        (self.mosquitto / "roots.pem").write_bytes(self.roots.read_bytes())

    def web(self) -> None:
        """Start the pages, and HTTPS before them."""
        super().web()
        files = ["--certificate", str(self.mosquitto / "certificate.pem"), "--key", str(self.mosquitto / "key.pem")]
        ports = ["--listen", str(self.https_port), "--to", str(self.web_port)]
        self.children.start("https", [*ports, *files], module="deploy.demo.proxy")
        self.children.wait("https", lambda: answers(self.https_port))

    def keep_list(self) -> None:
        """Keep the list of revoked certificates beside the broker; returns when the first is there."""
        pid = ["--pid-file", str(self.mosquitto / "mosquitto.pid")]
        url = ["--url", self.cloud, "--cafile", str(self.roots)]
        self.children.start("crl", ["cloud", "crl", *url, *pid, "--out", str(self.mosquitto / LIST)])
        self.children.wait("crl", (self.mosquitto / LIST).exists)

    def broker(self, *, durable: bool = True) -> None:
        """Start mosquitto with the configuration of deploy/broker/production. Raises NotInstalled."""
        found = program()
        if found is None:
            raise NotInstalled("mosquitto is not installed")
        (self.mosquitto / "rules").write_text(RULES.read_text())
        written = self.mosquitto / "mosquitto.conf"
        written.write_text(moved(self.mosquitto, self.broker_port, self.services_port))
        self.children.start("broker", ["-c", str(written)], program=found)
        self.children.wait("broker", lambda: answers(self.broker_port) and answers(self.services_port))

    def _environment(self) -> dict[str, str]:
        papers = self.folder / "svc-ingest"
        return super()._environment() | {
            "EMMETRA_BROKER_URL": f"mqtts://{HOST}:{self.services_port}",
            "EMMETRA_BROKER_CA": str(self.mosquitto / "roots.pem"),
            "EMMETRA_BROKER_CERTIFICATE": str(papers / "certificate.pem"),
            "EMMETRA_BROKER_KEY": str(papers / "key.pem"),
            "EMMETRA_GATEWAY_BROKER": f"mqtts://{HOST}:{self.broker_port}",
            "EMMETRA_PUBLIC_URL": self.cloud,
            "EMMETRA_AUTHORITY": str(self.authority_folder),
        }
