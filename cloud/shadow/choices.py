"""Words of the shadow room."""

# Keys in the order of the page; ``software`` is set by a roll-out alone, the PIN is never shown.
WHOLE = {"raw_days": (0, 90), "disk_floor_mb": (16, 4096), "telemetry_s": (10, 3600)}
PIN_DIGITS = (6, 12)
SPARE_ROWS = 2  # empty rows below the instruments, to add one
