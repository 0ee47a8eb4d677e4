"""The gateway's configuration for the demo's store: three instruments on pseudo-terminals."""

from pathlib import Path

from deploy.demo.seeding import GATEWAY

INSTRUMENTS = (
    ("ark", "ARK-1a", "Lane 1"),
    ("tonoref", "TONOREF III", "Lane 1"),
    ("lensmeter", "LM-600P", "Workshop"),
)


def configure(folder: Path, broker_port: int) -> Path:
    """Write the gateway's configuration and answer where it lies."""
    lines = [
        "[gateway]",
        f'address = "{GATEWAY}"',
        f'data = "{folder / "gateway"}"',
        "[broker]",
        f'url = "mqtt://127.0.0.1:{broker_port}"',
    ]
    for name, model, lane in INSTRUMENTS:
        lines += ["[[instrument]]", f'name = "{name}"', 'family = "nidek_frame"', f'model = "{model}"']
        lines += [f'url = "{folder / "dev" / name}"', f'lane = "{lane}"']
    path = folder / "gateway.toml"
    path.write_text("\n".join(lines) + "\n")
    return path
