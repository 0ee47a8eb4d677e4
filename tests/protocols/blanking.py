"""What every test of blanking asks: is everything but the patient still there, and the patient nowhere?"""

import msgspec

from protocols.framing import Transmission

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "latin-1", "gb18030")
QUOTING = ("extra", "order", "print_number")  # what may quote a patient or a visit, masked in its place


def readings(decode, data):
    """Every reading as plain data, without the patient and the digests."""
    told = [
        msgspec.to_builtins(reading)
        for event in decode(data)
        if isinstance(event, Transmission)
        for reading in event.readings
    ]
    for one in told:
        one.pop("patient_ref", None)
        one["integrity"].pop("raw_sha256")
        one.get("blob", {}).pop("sha256", None)  # of the whole file
    return told


def same(before, after):
    """Whether a text is what it was, or what it was with some of it masked."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, str) and isinstance(after, str):
        return len(before) == len(after) and all(new in (old, "X", "0") for old, new in zip(before, after, strict=True))
    return before == after


def assert_only_the_patient_is_gone(dialect, data, *words):
    """Length, readings and their number stay; the words stand nowhere, in no encoding."""
    without = dialect.blank(data)
    assert len(without) == len(data)
    for word in words:
        assert not [spelt for spelt in ENCODINGS if word.encode(spelt, "replace") in without], word
    told, still = readings(dialect.decode, data), readings(dialect.decode, without)
    assert len(told) == len(still)
    for before, after in zip(told, still, strict=True):
        quoted = {key: (before.pop(key, ""), after.pop(key, "")) for key in QUOTING}
        assert before == after
        assert [key for key, both in quoted.items() if not same(*both)] == []
    assert dialect.blank(without) == without
    return without


def patients(dialect, data):
    """What is said of patients, reading by reading."""
    return [
        reading.patient_ref
        for event in dialect.decode(data)
        if isinstance(event, Transmission)
        for reading in event.readings
    ]
