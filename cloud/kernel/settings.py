"""What a process of the cloud is told from outside: environment variables, each with an honest default."""

import os
from dataclasses import dataclass, field


class Misconfigured(ValueError):
    """A setting is missing or wrong; the message says which one and what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the cloud. ``demo`` names the file with the demo's sign-ins, shown to everyone who comes by.

    ``authority`` is the folder of what signs gateways' certificates; ``public_url`` and ``gateway_broker`` are where
    gateways find cloud and broker, which may differ from where its own processes do. ``influx_*`` name the store of
    machine figures (docs/telemetry.md), ``metrics_*`` who may read what our own processes count. ``blobs`` is a folder
    or ``s3://bucket?endpoint=…`` for pictures and volumes, ``blob_key`` what opens them (docs/runbooks/blob-store.md).
    ``proxies`` is how many of our own stand before the pages, each of which adds the address it heard from.
    ``smtp_url`` and ``mail_from`` are how e-mails leave; ``local_messages`` names chains (by their slugs, ``*`` is all)
    whose texts nobody sends, but a page shows (docs/runbooks/messages.md). ``exchange_near`` names networks, parted by
    commas, in which other systems may be spoken to although they are not public.
    """

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
    authority: str | None = None
    public_url: str | None = None
    gateway_broker: str | None = None
    certificate_days: int = 90
    release_keys: str | None = None
    telemetry: str = ""
    influx_url: str | None = None
    influx_token: str = field(default="", repr=False)
    influx_org: str = "emmetra"
    influx_bucket: str = "emmetra"
    influx_reads: str = "promql"
    metrics_token: str | None = field(default=None, repr=False)
    metrics_bind: str | None = None
    otlp_url: str | None = None
    blobs: str = "/var/lib/emmetra/blobs"
    blob_key: str = field(default="", repr=False)
    blobs_user: str = ""
    blobs_secret: str = field(default="", repr=False)
    proxies: int = 0
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    local_messages: str = ""
    exchange_near: str = ""

    @property
    def telemetry_kind(self) -> str:
        """Where figures go: ``influx``, ``sql`` or ``none``. Raises Misconfigured."""
        kind = self.telemetry or ("influx" if self.influx_url else "sql")
        if kind not in ("influx", "sql", "none"):
            raise Misconfigured(f"EMMETRA_TELEMETRY is {kind!r}; set it to influx, sql or none")
        if kind == "influx" and not self.influx_url:
            raise Misconfigured("EMMETRA_TELEMETRY is influx; set EMMETRA_INFLUX_URL to http://host:port as well")
        if self.influx_reads not in ("promql", "flux"):
            raise Misconfigured(f"EMMETRA_INFLUX_READS is {self.influx_reads!r}; set it to promql or flux")
        return kind

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
            authority=get("EMMETRA_AUTHORITY"),
            public_url=get("EMMETRA_PUBLIC_URL"),
            gateway_broker=get("EMMETRA_GATEWAY_BROKER"),
            certificate_days=int(get("EMMETRA_CERTIFICATE_DAYS", "90")),
            release_keys=get("EMMETRA_RELEASE_KEYS"),
            telemetry=get("EMMETRA_TELEMETRY", ""),
            influx_url=get("EMMETRA_INFLUX_URL"),
            influx_token=get("EMMETRA_INFLUX_TOKEN", ""),
            influx_org=get("EMMETRA_INFLUX_ORG", "emmetra"),
            influx_bucket=get("EMMETRA_INFLUX_BUCKET", "emmetra"),
            influx_reads=get("EMMETRA_INFLUX_READS", "promql"),
            metrics_token=get("EMMETRA_METRICS_TOKEN"),
            metrics_bind=get("EMMETRA_METRICS_BIND"),
            otlp_url=get("EMMETRA_OTLP_URL"),
            blobs=get("EMMETRA_BLOBS", "/var/lib/emmetra/blobs"),
            blob_key=get("EMMETRA_BLOB_KEY", ""),
            blobs_user=get("EMMETRA_BLOBS_USER", ""),
            blobs_secret=get("EMMETRA_BLOBS_SECRET", ""),
            proxies=int(get("EMMETRA_PROXIES", "0")),
            smtp_url=get("EMMETRA_SMTP_URL", ""),
            mail_from=get("EMMETRA_MAIL_FROM", ""),
            exchange_near=get("EMMETRA_EXCHANGE_NEAR", ""),
            local_messages=get("EMMETRA_LOCAL_MESSAGES", "*" if get("EMMETRA_DEMO") else ""),
        )


def _need(name: str, example: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Misconfigured(f"{name} is not set; set it to {example}")
    return value
