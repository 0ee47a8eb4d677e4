"""``emmetra cloud blobs``: an operator's deeds."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

SAYS = {
    "damaged": "blob {name} is damaged: bring its pieces back from the backup",
    "key": "the chain's key cannot be opened ({name})",
    "orphan": "place {name} belongs to no blob: what was thrown away halfway; it may be deleted",
}


def install(words: "argparse._SubParsersAction[argparse.ArgumentParser]", engine: "Callable[[], Engine]") -> None:
    """Add the command to ``emmetra cloud``; ``engine`` opens the database with its vault."""
    blobs = words.add_parser("blobs", help="look after pictures and volumes in their store")
    deeds = blobs.add_subparsers(required=True, metavar="DEED")
    check = deeds.add_parser("check", help="open and hash everything that is kept")
    check.set_defaults(run=lambda _args: _check(engine()))
    rewrap = deeds.add_parser("rewrap", help="lock every chain's key with the first key of EMMETRA_BLOB_KEY")
    rewrap.set_defaults(run=lambda _args: _rewrap(engine()))


def _check(engine: "Engine") -> int:
    from cloud.blobs import looking_after

    wrong = 0
    try:
        for trouble in looking_after.check(engine):
            print(f"chain {trouble.tenant_id}: {SAYS[trouble.what].format(name=trouble.name)}", file=sys.stderr)
            wrong += trouble.what != "orphan"
    finally:
        engine.dispose()
    print("Every blob is whole." if not wrong else f"{wrong} cannot be read.")
    return 1 if wrong else 0


def _rewrap(engine: "Engine") -> int:
    from cloud.blobs import looking_after
    from cloud.blobs.errors import NoKey
    from cloud.kernel.settings import Misconfigured

    try:
        changed = looking_after.rewrap(engine)
    except NoKey as refusal:
        raise Misconfigured(f"{refusal}; EMMETRA_BLOB_KEY needs the new key, a comma, and the one before") from None
    finally:
        engine.dispose()
    print(f"{changed} chains' keys were locked anew; the key before may go once every process has the new one.")
    return 0
