"""Print-outs put together from docs/wire/tomey_format2.md."""

RIGHT = b"Ref_R,-1.25,-0.50, 90\r\nRef_R,-1.50,-0.50,85\r\nRef_R*,-1.25,-0.50,88\r\n"
LEFT = b"Ref_L,+0.25,-1.00,5\r\nRef_L*,+0.25,-1.00,5\r\n"
CORNEAS = b"Kerato_R,7.80,43.25,90,7.70,43.75,7.75,43.50\r\nKerato_L,7.81,43.25,90,7.70,43.75,7.75,43.50\r\n"
WHOLE = RIGHT + LEFT + CORNEAS
