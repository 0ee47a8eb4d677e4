"""The buttons of a simulated store as a page: one press measures somebody and prints."""

import asyncio
import html
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

from firmware_sim.shop import RECORDS, Shop

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated instruments</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33; }}
form {{ display: grid; grid-template-columns: 8rem 1fr auto; gap: .75rem; align-items: center;
  border-top: 1px solid #cfd8dc; padding: .75rem 0; }}
button, select {{ font: inherit; min-height: 44px; padding: 0 1rem; }}
.said {{ grid-column: 1 / -1; margin: 0; color: #37474f; }}
</style></head>
<body><h1>Simulated instruments</h1>
<p>Each press measures the patient and prints, as at the real instrument. A scanned record number travels with the
print-out; without one the reading goes to whoever sits in the chair of that lane, or to the tray.</p>
{forms}</body></html>"""

FORM = """<form method="post"><strong>{name}</strong>
<select name="record" aria-label="Patient at the {name}"><option value="">nobody scanned</option>{records}</select>
<button name="place" value="{place}">Measure and print</button>{said}</form>"""


async def answer(shop: Shop, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one HTTP request: the page, after pressing what was asked for."""
    try:
        method, form = await _request(reader)
        said = await _press(shop, form) if method == "POST" else {}
        body = _page(shop, said, form.get("record", "")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
    except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # a browser that went away
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(min(int(headers.get("content-length", "0")), 4096))
    return lines[0].split(" ")[0], {name: found[0] for name, found in parse_qs(body.decode()).items()}


async def _press(shop: Shop, form: dict[str, str]) -> dict[str, str]:
    place, record = form.get("place", ""), form.get("record", "")
    if place not in shop.instruments:
        return {}
    return {place: await shop.press(place, record if record in RECORDS else "")}


def _page(shop: Shop, said: dict[str, str], record: str) -> str:
    shown = {place: (said.get(place, ""), _screen(one)) for place, one in shop.instruments.items()}
    forms = [_form(place, one.name, shown[place], record) for place, one in shop.instruments.items()]
    return PAGE.format(forms="".join(forms))


def _screen(instrument: Any) -> str:
    """What a phoropter was sent, as its screen has it."""
    return "; ".join(f"{place}: {values}" for place, values in getattr(instrument, "screen", {}).items())


def _form(place: str, name: str, said: Sequence[str], record: str) -> str:
    options = "".join(f"<option{' selected' if one == record else ''}>{one}</option>" for one in RECORDS)
    told = "".join(f'<p class="said" role="status">{html.escape(line)}</p>' for line in said if line)
    return FORM.format(name=html.escape(name), place=place, records=options, said=told)
