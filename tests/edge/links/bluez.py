"""A private bus with BlueZ on it, or a skip where there is no dbus-daemon."""

import asyncio
import contextlib
import os
import shutil
import signal

import pytest

from firmware_sim.gatt.bluez import bluez

CONFIG = """
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/>
  </policy>
</busconfig>
"""

needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon")


@contextlib.asynccontextmanager
async def private_bus(folder):
    """The address of a bus nobody else knows, for as long as this lasts."""
    config, path = folder / "bus.conf", folder / "bus"
    config.write_text(CONFIG.format(socket=path))
    words = ("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1")
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


@contextlib.asynccontextmanager
async def bluez_over(host, folder, monkeypatch):
    """BlueZ for this process, as the stack finds it by its environment."""
    async with private_bus(folder) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        monkeypatch.setenv("BLEAK_DBUS_AUTH_UID", str(os.getuid()))
        async with bluez(address, host) as adapter:
            yield adapter
            await forget()


async def forget():
    """Close the stack's own connection to the bus, which it keeps for the life of a program."""
    from bleak.backends.bluezdbus import manager

    known = manager._global_instances.pop(asyncio.get_running_loop(), None)
    if known and known._bus:
        known._bus.disconnect()
        await asyncio.wait({known._bus_watcher_task}, timeout=2)
