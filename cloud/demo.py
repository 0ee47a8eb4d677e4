"""The demo's sign-ins, shown on its sign-in page. Only where EMMETRA_DEMO names their file."""

from pathlib import Path
from typing import Any

import msgspec
import pyotp

from cloud.kernel.settings import Misconfigured


class DemoAccounts(msgspec.Struct):
    """Who may sign in to the demo, and with what."""

    password: str
    totp_secret: str
    accounts: list[dict[str, Any]]

    def code(self) -> str:
        """The owner's one-time code right now."""
        return pyotp.TOTP(self.totp_secret).now()


def read_accounts(path: str) -> DemoAccounts:
    """Read the file the demo wrote. Raises Misconfigured."""
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=DemoAccounts)
    except (OSError, msgspec.MsgspecError) as refusal:
        raise Misconfigured(f"EMMETRA_DEMO names {path}, which cannot be read ({refusal})") from None
