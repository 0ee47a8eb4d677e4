"""``emmetra demo-database``: the embedded PostgreSQL as a process of its own, so that it ends when the demo does."""

import signal
from collections.abc import Sequence
from pathlib import Path

from cloud.kernel.embedded import start


def main(argv: Sequence[str]) -> int:
    """Serve the data in the folder ``argv[0]``; the address is written to ``url`` beside it. Ends on SIGTERM."""
    folder = Path(argv[0])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    server = start(folder)
    address = folder.with_name("database.url")
    _say(address, server.get_uri())
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    address.unlink(missing_ok=True)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    server.stop()  # outright: cleanup() alone would leave it to a predecessor that was killed and still counts
    server.cleanup()
    return 0


def _say(address: Path, uri: str) -> None:
    """Whole or not at all: whoever waits for the file reads it at once."""
    draft = address.with_suffix(".draft")
    draft.write_text(uri)
    draft.replace(address)
