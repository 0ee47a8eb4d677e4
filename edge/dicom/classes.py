"""The storage classes that eye care sends, and what else the program serves (PS3.4, PS3.6)."""

VERIFICATION = "1.2.840.10008.1.1"
COMMITMENT, COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
WORKLIST = "1.2.840.10008.5.1.4.31"
PERFORMED_STEP = "1.2.840.10008.3.1.2.3.3"
PREFIX = "1.2.840.10008.5.1.4.1.1."
STORED = tuple(
    PREFIX + suffix
    for suffix in (
        *("77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.5.5", "77.1.5.6", "77.1.5.7", "77.1.5.8"),
        *("78.1", "78.2", "78.3", "78.4", "78.5", "78.6", "78.7", "78.8", "79.1", "80.1", "81.1", "82.1"),
        *("104.1", "104.2", "7", "7.1", "7.2", "7.3", "7.4", "88.11", "88.22", "88.33", "88.34"),
        *("77.1.1", "77.1.1.1", "77.1.4", "77.1.4.1", "66", "11.1"),
    )
)
SERVED = (VERIFICATION, COMMITMENT, WORKLIST, PERFORMED_STEP)
# dcmtk's and CTN's classes that ask a server to end itself; never a storage class, whatever quarantine allows
SHUTDOWN = ("1.2.276.0.7230010.3.4.1915765545.18030.917282194",)


def may_be_stored(uid: str) -> bool:
    """Whether an unknown class may be a maker's own storage class: private, and no request to shut down."""
    standard = uid.startswith("1.2.840.10008.") and not uid.startswith(PREFIX)
    return not standard and not uid.startswith(SHUTDOWN)
