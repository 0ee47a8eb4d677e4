"""The check of the program that speaks DICOM."""

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

MANY = 20  # objects; a device sends a study in a minute, and the gateway takes it over in seconds


def dicom(site: Site) -> list[Said]:
    """Can devices call by DICOM, and is anybody sent away?"""
    if site.config.dicom is None:
        return [said("none")]
    told = site.status.get("dicom") if site.status else None
    if told is None:
        return [said("not_running")]
    if not told["listens"]:
        return [said("down", why=told["why"] or "")]
    return [_program(told), *([said("refused", **told["refused"])] if told["refused"] else [])]


def _program(told: dict[str, object]) -> Said:
    queue, devices = told["queue"], told["devices"]
    assert isinstance(queue, dict) and isinstance(devices, list)  # noqa: S101 - as edge.dicom.beside says it
    if not devices:
        return said("no_devices")
    if queue["objects"] > MANY:
        return said("queue", n=queue["objects"])
    return said("ok", where=told["where"], ae=told["ae_title"], n=len(devices))
