"""The demo's sign-ins, shown on its sign-in page. Only where EMMETRA_DEMO names their file."""

from pathlib import Path
from typing import Any

import msgspec
import pyotp


class DemoAccounts(msgspec.Struct):
    """Who may sign in to the demo, and with what."""

    password: str
    totp_secret: str
    accounts: list[dict[str, Any]]

    def code(self) -> str:
        """The owner's one-time code right now."""
        return pyotp.TOTP(self.totp_secret).now()


def read_accounts(path: str) -> DemoAccounts:
    """Read the file the demo wrote."""
    return msgspec.json.decode(Path(path).read_bytes(), type=DemoAccounts)
