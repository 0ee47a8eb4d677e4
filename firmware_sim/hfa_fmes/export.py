"""The file: labels in attributes, two pictures in base64 whose lines are broken after 76 characters."""

import base64
import struct


def exported(
    *,
    eye: str = "L",
    patient_id: str = "H-17",
    pattern: str = "24-2 SITA-Standard",
    strategy: str = "SITA-Standard",
    at: str = "2003-06-12 13:14:58.000",
) -> bytes:
    """A field with a page and a cut-out."""
    labels = {
        "patient_id": patient_id,
        "study_datetime": at,
        "eye": eye,
        "file_reference": f"{patient_id}_{eye}.tif",
        "pattern": pattern,
        "strategy": strategy,
    }
    said = "".join(f'<{name} value="{value}"/>' for name, value in labels.items())
    pictures = f'<image_scan_data contentType="text/html" value="{_drawn(page(40, 60))}"/>'
    pictures += f'<image_scan_crop_data value="{_drawn(page(20, 20))}"/>'
    return f"<MeasurementVisualFieldHumphrey>{said}{pictures}</MeasurementVisualFieldHumphrey>".encode()


def page(width: int, height: int) -> bytes:
    """A GIF of one grey, its pixels as clear codes would have them."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x80\x80\x80\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02"
    return head + frame + _pixels(width * height) + b"\x00\x3b"


def _pixels(count: int) -> bytes:
    """Codes of three bits, cleared before each pair so that they never grow."""
    codes = [code for _ in range(count // 2) for code in (4, 0, 0)] + [4, 0] * (count % 2) + [5]
    bits = sum(code << 3 * at for at, code in enumerate(codes))
    data = bits.to_bytes((3 * len(codes) + 7) // 8, "little")
    return b"".join(bytes([len(data[at : at + 255])]) + data[at : at + 255] for at in range(0, len(data), 255))


def _drawn(picture: bytes) -> str:
    return base64.encodebytes(picture).decode().strip()
