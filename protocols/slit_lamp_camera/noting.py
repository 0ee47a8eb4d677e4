"""What a clip says of itself in the INFO list of its file: when, which eye, and how it was looked at.

``ICRD`` is the time with its zone, ``ISFT`` the writer, ``ICMT`` words such as ``eye=right; magnification=16x``.
"""

from collections.abc import Mapping

from protocols.slit_lamp_camera.wrapping import Shot

WRITER = "Emmetra"
_KEYS = ("eye", "magnification", "illumination", "maker", "model")


def notes(shot: Shot) -> dict[str, str]:
    """The texts of the list, by their four letters."""
    words = ((key, str(getattr(shot, key) or "").replace(";", ",")) for key in _KEYS)
    comment = "; ".join(f"{key}={value}" for key, value in words if value)
    return {"ICRD": shot.at.isoformat(timespec="seconds"), "ISFT": WRITER, "ICMT": comment}


def noted(said: Mapping[str, str]) -> dict[str, str]:
    """What stands there: the same words, and ``taken_at``; nothing of a list that somebody else wrote."""
    if said.get("ISFT") != WRITER:
        return {}
    pairs = (word.strip().partition("=") for word in said.get("ICMT", "").split(";"))
    found = {key: value for key, _, value in pairs if key in _KEYS and value}
    return found | ({"taken_at": said["ICRD"]} if said.get("ICRD") else {})
