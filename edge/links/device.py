"""A device file that needs no line settings: ``file:///dev/usb/lp0``, a printer of the USB printer class."""

import asyncio
import errno
import os
import stat
from functools import partial
from pathlib import Path

from edge.links.base import LinkRefused
from edge.links.descriptor import DescriptorLink

PLACE = Path("/dev")


async def open_device(path: str) -> DescriptorLink:
    """Open it to write and to read. Raises LinkRefused."""
    fd = await asyncio.to_thread(_open, path)
    return DescriptorLink(fd, partial(os.close, fd))


def parsed(path: str) -> str:
    """A device of this machine. Raises LinkRefused for a file elsewhere: bytes for a printer would overwrite it."""
    if not Path(os.path.normpath(path)).is_relative_to(PLACE):
        raise LinkRefused(f"{path or 'This'} is no device.", "Write file:///dev/usb/lp0.", lasting=True)
    return path


def _open(path: str) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as refusal:
        raise _refused(path, refusal) from None
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        os.close(fd)
        raise LinkRefused(f"{path} is no device.", "Write the printer's own, as `ls /dev/usb` shows it.", lasting=True)
    return fd


def _refused(path: str, refusal: OSError) -> LinkRefused:
    if refusal.errno == errno.ENOENT:
        return LinkRefused(f"There is no device {path}.", "Plug the printer in and switch it on.")
    if refusal.errno in (errno.EACCES, errno.EPERM):
        return LinkRefused(
            f"This user may not open {path}.", "Add the gateway's user to the group lp and restart.", lasting=True
        )
    if refusal.errno == errno.EBUSY:
        return LinkRefused(f"{path} is in use by another program.", "Stop it; `lsof` names it.", lasting=True)
    return LinkRefused(f"{path} cannot be opened ({refusal.strerror}).", "Plug the printer out and in.")
