"""One block, said and read."""

from protocols.framing import Transmission
from protocols.nidek_frame import decode
from tests.protocols.nidek_frame.frames import block, heading, summed


def readings(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def only(data):
    (reading,) = readings(data)
    return reading


def codes(reading):
    return [note.code for note in reading.notes]


def day(*segments):
    return only(summed([block("DRM", *heading(), *segments)]))


def lens(*segments):
    return only(summed([block("DLM", "IDNIDEK/LM-600PD", *segments)]))


def pairs(side, count):
    radii = [f" {side}07.{80 - n}07.7014007.73" for n in range(count)]
    powers = [f"D{side}43.5043.7514043.75-00.25"] * count
    return [segment for pair in zip(radii, powers, strict=True) for segment in pair]


def tono(*segments):
    return only(summed([block("DNT", "IDNIDEK/NT-510", *segments)]))


def pachy(*segments):
    return only(summed([block("DPM", "IDNIDEK/NT-530P", *segments)]))
