"""An export as plain data, whether it came as JSON or as XML; the first byte tells which."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from protocols import xml
from protocols.framing import Unread
from protocols.xml import Element

_BLANK = b"\xef\xbb\xbf \t\r\n"


def tree(raw: bytes) -> dict[str, Any]:
    """Figures are Decimal or int in JSON, texts in XML. Raises Unread."""
    said = raw.lstrip(_BLANK)
    found = _of_json(said) if said.startswith(b"{") else _of_element(xml.read(raw).root)
    if not isinstance(found, dict):
        raise Unread("The export is no object.")
    return found


def _of_json(raw: bytes) -> Any:
    try:
        return json.loads(raw.strip(b"\x00\x1a \t\r\n"), parse_float=Decimal, parse_constant=_no_figure)
    except UnicodeDecodeError:
        raise Unread("The JSON of the export is not UTF-8.") from None
    except json.JSONDecodeError as broken:
        raise Unread("The JSON of the export is broken.", broken.pos) from None
    except (RecursionError, ValueError):
        raise Unread("The JSON of the export is no JSON an instrument writes.") from None


def _no_figure(_: str) -> NoReturn:
    raise ValueError


def _of_element(element: Element) -> Any:
    if not element.children:
        return element.text
    found: dict[str, Any] = {}
    for child in element.children:
        said = _of_element(child)
        if child.name not in found:
            found[child.name] = said
        elif isinstance(found[child.name], list):
            found[child.name].append(said)
        else:
            found[child.name] = [found[child.name], said]
    return found
