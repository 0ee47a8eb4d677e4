"""A foot switch that is a keyboard to its computer: PCsensor 0c45:7403 with one pedal."""

from firmware_sim.usb.device import IN, INTERRUPT, Device, Endpoint, Interface

DOWN = bytes([0, 0, 0x05, 0, 0, 0, 0, 0])  # usage 05, a b
UP = bytes(8)
KEYS = IN | 1


class FootSwitch(Device):
    """Says when its pedal goes down and when it comes up, nothing between."""

    def __init__(self) -> None:
        keyboard = Interface((3, 1, 1), (Endpoint(KEYS, INTERRUPT, 8),))
        mouse = Interface((3, 1, 2), (Endpoint(IN | 2, INTERRUPT, 8),))
        super().__init__(0x0C45, 0x7403, ("RDing", "FootSwitch1F1.", None), mouse, keyboard)

    def down(self) -> None:
        """A foot on it."""
        self.say(KEYS, DOWN)

    def up(self) -> None:
        """The foot off it."""
        self.say(KEYS, UP)
