"""NIDEK frame: answers a request to send, takes what comes unasked, lets the quiet settle the rest."""

from collections.abc import Mapping

from edge.discovery import family
from edge.drivers.listener import Listener
from protocols.nidek_frame import Decoder

USUAL_CODE = "RK"  # most NIDEK instruments on a desk are autorefractor-keratometers


class Driver(Listener):
    """One instrument. ``settings``: ``model`` as in the manifest, or ``device_code`` to answer requests with."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        code = device_code(settings)
        Decoder(code)  # a code nobody knows is refused here, before a wire is opened
        super().__init__(lambda: Decoder(code))


def device_code(settings: Mapping[str, object]) -> str:
    """What a request to send is answered with: as set, else as the model's, else the usual one."""
    if code := settings.get("device_code"):
        return str(code)
    model = family("nidek_frame").model(str(settings.get("model", "")))
    return str(model.settings.get("device_code", USUAL_CODE)) if model else USUAL_CODE
