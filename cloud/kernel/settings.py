"""What a process of the cloud is told from outside: environment variables, each with an honest default."""

import os
from dataclasses import dataclass, field


class Misconfigured(ValueError):
    """A setting is missing or wrong; the message says which one and what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the cloud. ``demo`` names the file with the demo's sign-ins, shown to everyone who comes by."""

    database_url: str
    secret_key: str = field(repr=False)
    broker_url: str = "mqtt://127.0.0.1:1883"
    broker_ca: str | None = None
    broker_certificate: str | None = None
    broker_key: str | None = None
    secure_cookies: bool = True
    demo: str | None = None
    session_hours: int = 12
    import_rows: int = 100_000
    import_megabytes: int = 32

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the environment. Raises Misconfigured."""
        get = os.environ.get
        return cls(
            database_url=_need("DATABASE_URL", "postgresql://user:password@host/emmetra"),
            secret_key=_need("EMMETRA_SECRET_KEY", "a random text of 32 characters or more"),
            broker_url=get("EMMETRA_BROKER_URL", "mqtt://127.0.0.1:1883"),
            broker_ca=get("EMMETRA_BROKER_CA"),
            broker_certificate=get("EMMETRA_BROKER_CERTIFICATE"),
            broker_key=get("EMMETRA_BROKER_KEY"),
            secure_cookies=get("EMMETRA_SECURE_COOKIES", "1") != "0",
            demo=get("EMMETRA_DEMO"),
            import_rows=int(get("EMMETRA_IMPORT_ROWS", "100000")),
            import_megabytes=int(get("EMMETRA_IMPORT_MEGABYTES", "32")),
        )


def _need(name: str, example: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Misconfigured(f"{name} is not set; set it to {example}")
    return value
