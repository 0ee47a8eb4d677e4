"""The parts of the demo and how they hang together; each can be started by itself, and again after an end."""

import secrets
from pathlib import Path

from cloud.blobs import vault
from cloud.command import main as emmetra_cloud
from cloud.kernel.database import app_engine
from cloud.kernel.settings import Settings
from deploy.demo import pictured
from deploy.demo.children import Children, DidNotStart, answers, free_port
from deploy.demo.seeding import seed
from deploy.demo.store import configure


class Parts:
    """Everything on one desk, its data in one folder, its ports kept for as long as this lives."""

    def __init__(self, children: Children, folder: Path, *, web: int = 0) -> None:
        self.children, self.folder = children, folder
        self.broker_port, self.web_port, self.console_port = free_port(), free_port(web), free_port()
        self.authority_folder = folder / "authority"
        self.url = ""
        self.dev = folder / "dev"  # where the instruments' ports appear
        self.dev.mkdir(exist_ok=True)

    def database(self) -> None:
        """Start the embedded PostgreSQL; ``url`` says afterwards where."""
        address = self.folder / "database.url"
        address.unlink(missing_ok=True)
        self.children.start("database", ["demo-database", str(self.folder / "database")])
        self.children.wait("database", address.exists)
        self.url = address.read_text()

    def seed(self) -> None:
        """Found the chains, once."""
        seed(self.url, self.folder)

    def pictures(self) -> None:
        """Bring pictures of some patients, once; the worker makes of them what pages show."""
        done = self.folder / "pictured"
        if done.exists():
            return
        engine = app_engine(self.url)
        settings = Settings(self.url, "", blobs=str(self.folder / "blobs"), blob_key=self._blob_key())
        vault.install(engine, vault.Vault.of(settings))
        pictured.furnish(engine)
        engine.dispose()
        done.touch()

    def authority(self, *words: str) -> None:
        """A deed of ``emmetra cloud authority``. Raises DidNotStart."""
        if emmetra_cloud(["authority", "--folder", str(self.authority_folder), *words]) != 0:
            raise DidNotStart(f"emmetra cloud authority {words[0]} refused")

    def broker(self, *, durable: bool = True) -> None:
        """Start the broker; one that is not durable forgets everything with its end."""
        kept = ["--data", str(self.folder / "broker")] if durable else []
        self.children.start("broker", ["broker", "--port", str(self.broker_port), *kept])
        self.children.wait("broker", lambda: answers(self.broker_port))

    def ingest(self) -> None:
        """Start what takes readings in."""
        self.children.start("ingest", ["cloud", "ingest"], self._environment())

    def worker(self) -> None:
        """Start what works outside the pages: imports."""
        self.children.start("worker", ["cloud", "worker"], self._environment())

    def web(self) -> None:
        """Start the pages."""
        self.children.start("web", ["cloud", "serve", "--bind", f"127.0.0.1:{self.web_port}"], self._environment())
        self.children.wait("web", lambda: answers(self.web_port))

    def shop(self, buttons: int) -> None:
        """Start the simulated instruments with their page of buttons."""
        words = ["sim", "shop", "--folder", str(self.dev), "--buttons", f"127.0.0.1:{buttons}"]
        self.children.start("store", words)
        self.children.wait("store", lambda: answers(buttons))

    def gateway(self) -> None:
        """Start the store's gateway."""
        config = configure(self.folder, self.broker_port, self.console_port)
        self.children.start("gateway", ["gateway", "run", "--config", str(config)])

    def _environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "EMMETRA_SECRET_KEY": (self.folder / "secret.key").read_text(),
            "EMMETRA_BROKER_URL": f"mqtt://127.0.0.1:{self.broker_port}",
            "EMMETRA_SECURE_COOKIES": "0",
            "EMMETRA_AUTHORITY": str(self.authority_folder),
            "EMMETRA_PUBLIC_URL": f"http://127.0.0.1:{self.web_port}",
            "EMMETRA_DEMO": str(self.folder / "accounts.json"),
            "EMMETRA_BLOBS": str(self.folder / "blobs"),
            "EMMETRA_BLOB_KEY": self._blob_key(),
        }

    def _blob_key(self) -> str:
        """Made once and kept beside the data: without it no picture of this demo can be opened again."""
        path = self.folder / "blob.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        return path.read_text()
