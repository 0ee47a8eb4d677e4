"""The gateway's configuration for the demo's store: four instruments on pseudo-terminals."""

from pathlib import Path

from deploy.demo.seeding import GATEWAY

INSTRUMENTS = (
    ("ark", "nidek_frame", "ARK-1a", "Lane 1"),
    ("tonoref", "nidek_frame", "TONOREF III", "Lane 1"),
    ("lensmeter", "nidek_frame", "LM-600P", "Workshop"),
    ("rt", "nidek_rt", "RT-5100", "Lane 1"),
)


def configure(folder: Path, broker_port: int, console_port: int) -> Path:
    """Write the gateway's configuration and answer where it lies."""
    lines = [
        "[gateway]",
        f'address = "{GATEWAY}"',
        f'data = "{folder / "gateway"}"',
        "[broker]",
        f'url = "mqtt://127.0.0.1:{broker_port}"',
        "[console]",
        f'bind = "127.0.0.1:{console_port}"',
    ]
    for name, family, model, lane in INSTRUMENTS:
        lines += ["[[instrument]]", f'name = "{name}"', f'family = "{family}"', f'model = "{model}"']
        lines += [f'url = "{folder / "dev" / name}"', f'lane = "{lane}"']
    path = folder / "gateway.toml"
    path.write_text("\n".join(lines) + "\n")
    return path
