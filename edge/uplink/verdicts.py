"""What a reason code of MQTT 5 asks of us."""

from enum import Enum

TAKEN_OVER = 0x8E


class Verdict(Enum):
    """What to do after a PUBACK or a refusal."""

    TAKEN = "the broker has it"
    NOBODY = "the broker has it, but nobody is subscribed: the cloud's ingest is down"
    LATER = "try again after a while"
    SLOWER = "the cloud's quota is used up: send less"
    BARRED = "this gateway may not speak here: enrol it again"
    POISON = "the broker will never take this message"


CODES = {
    0x00: Verdict.TAKEN,
    0x10: Verdict.NOBODY,
    0x86: Verdict.BARRED,  # bad user name or password
    0x87: Verdict.BARRED,  # not authorized
    0x8A: Verdict.BARRED,  # banned
    0x8C: Verdict.BARRED,  # bad authentication method
    0x85: Verdict.BARRED,  # client identifier not valid
    0x90: Verdict.BARRED,  # topic name invalid
    0x95: Verdict.POISON,  # packet too large
    0x97: Verdict.SLOWER,
    0x96: Verdict.SLOWER,  # message rate too high
    0x99: Verdict.POISON,  # payload format invalid
}


def verdict(code: int) -> Verdict:
    """Unknown codes mean to try again."""
    return CODES.get(code, Verdict.LATER)
