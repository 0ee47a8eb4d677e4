"""What an address asks of the list of gateways; what it asks for wrongly is left out."""

from werkzeug.datastructures import MultiDict

from cloud.fleet import listing
from cloud.fleet.listing import SORTS, Asked

STATES = ("online", "offline", "problems", "never_seen")
NARROWS = ("q", "state", "region", "store", "version", "alarm")


def asked(args: MultiDict[str, str]) -> Asked:
    """The list as an address has it."""
    sort = args.get("sort", "") if args.get("sort", "") in SORTS else "store"
    before, after = _row(sort, args.get("before", "")), _row(sort, args.get("after", ""))
    return Asked(
        words=_said(args, "q"),
        state=args.get("state", "") if args.get("state", "") in STATES else "",
        region=_number(args.get("region", "")),
        store=_said(args, "store"),
        version=_said(args, "version"),
        alarm=_said(args, "alarm"),
        sort=sort,
        down=bool(args.get("down")),
        after=before or after,
        back=before is not None,
    )


def _said(args: MultiDict[str, str], name: str) -> str:
    return args.get(name, "").replace("\0", "").strip()[:80]


def _number(written: str) -> int | None:
    fits = written.isascii() and written.isdigit() and len(written) < 19
    return int(written) if fits else None


def _row(sort: str, written: str) -> tuple[object, int] | None:
    try:
        return listing.read_place(sort, written.replace("\0", ""))
    except ValueError:
        return None
