"""Transmissions put together from docs/wire/tomey_tap.md."""

TOP = ["*Phoromat 2000|000000001|0", "*PD|31.5|32.0|", "*WD|40|"]
UNAIDED = ["*UN", "*VA|0.2|0.4|0.5|"]
FINAL = [
    "*FN",
    "*SP| -0.50| 1.25|",
    "*CY| -5.00| -0.75|",
    "*AX| 30|175|",
    "*AD| 1.70| 1.50|",
    "*VA|0.8|1.0|0.9|",
    "*PH|O| 0.50|I| 0.25|",
    "*PV|D| 1.00|U| 1.50|",
]
CORNEAS = ["*KM|R1|L| 8.04| 42.00| 85|", "*KM|R2|L| 7.74| 43.50|175|", "*KM|R1|R| 8.10| 41.75|  5|"]
TESTS = ["*AV", "*NPC|-8| 9.5| 64.8|", "*NPA|L|33| 3.03|", "*NRA|B| 2.00| 1.75|", "*DIV|f| 9.00|16.00|10.00|"]
TIME = ["*TIME|2012/10/06 04:06:58"]


def message(*texts, end="\r\n"):
    """As on a wire."""
    between = "".join(f"\x02{text}\x17{end}" for text in texts)
    return f"\x01*PC_RCV_S\x04{end}{between}\x01*PC_RCV_E\x04{end}".encode("latin-1")


WHOLE = message(*TOP, *UNAIDED, *FINAL, *CORNEAS, *TESTS, *TIME).rstrip()
