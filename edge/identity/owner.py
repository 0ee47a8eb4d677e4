"""A person works on a box as root, the gateway does not: what is written for it must be its own at once."""

import contextlib
import os
import pwd
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def as_owner(folder: Path) -> Iterator[None]:
    """Be the user whose folder this is, if we are root and it is somebody else's."""
    owner = folder.stat() if folder.is_dir() else None
    if owner is None or os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    groups = os.getgroups()
    with contextlib.suppress(KeyError):  # a user without a name has no other groups
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
