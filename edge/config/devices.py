"""What speaks DICOM: the section ``[dicom]`` and its devices, each ``[[dicom.device]]``."""

from typing import Any

from edge.config.complaints import Complaints
from edge.dicom.settings import DicomSettings
from edge.dicom.settings import settings as dicom_settings
from edge.supervisor.fitting import InstrumentSettings


def read(said: Complaints, table: dict[str, Any], instruments: list[InstrumentSettings]) -> DicomSettings | None:
    """Nothing where the file has no such section."""
    given = table.get("dicom")
    if given is None:
        return None
    listed = given.get("device", []) if isinstance(given, dict) else None
    if not isinstance(listed, list):
        said.say("dicom", None, 0, "write [dicom] with one bracket and each device as [[dicom.device]] with two")
        return None
    section = said.checked("dicom", given, 0)
    if ("certificate" in section) != ("key" in section):
        said.say("dicom", None, 0, "certificate and key belong together; write both or neither")
    devices = [said.checked("dicom.device", one, at) for at, one in enumerate(listed)]
    _names_apart(said, devices, {one.name for one in instruments})
    return dicom_settings(section, devices, said.path.parent)


def _names_apart(said: Complaints, devices: list[dict[str, Any]], seen: set[str]) -> None:
    for at, device in enumerate(devices):
        name = device.get("name")
        if name in seen:
            said.say("dicom.device", "name", at, f"name {name!r} is used twice; every instrument needs its own")
        seen |= {name} if name else set()
