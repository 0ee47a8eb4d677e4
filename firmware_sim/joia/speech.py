"""The document around the measurements; written from the wire page, not from the decoder."""

from dataclasses import dataclass
from datetime import datetime

from firmware_sim.markup import Lines, leaf, node

SPACE = "http://www.joia.or.jp/standardized/namespaces"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Elements of one namespace; without a prefix as NIDEK writes them."""

    prefix: str = ""

    def leaf(self, name: str, said: object = "", unit: str = "", marks: str = "") -> Lines:
        """An element with a text, perhaps with its unit."""
        return leaf(self.prefix + name, said, marks or (f'unit="{unit}"' if unit else ""))

    def node(self, name: str, *below: Lines, marks: str = "") -> Lines:
        """An element with elements below."""
        return node(self.prefix + name, *below, marks=marks)


def common(
    spoken: Spoken, *, maker: str, model: str, number: str, identity: str, at: datetime, version: str, **told: str
) -> Lines:
    """Who, when, whom."""
    patient = [spoken.leaf(name) for name in ("FirstName", "MiddleName", "LastName", "Sex", "Age", "DOB", "NameJ1")]
    said = {"Company": maker, "ModelName": model, "MachineNo": told.get("machine", "01"), "ROMVersion": "1.04.00"}
    when = {"Version": version, "Date": f"{at:%Y-%m-%d}", "Time": told.get("time", f"{at:%H:%M:%S}")}
    return spoken.node(
        "Common",
        *(spoken.leaf(*one) for one in (said | when).items()),
        spoken.node("Patient", spoken.leaf(told.get("no", "No."), number), spoken.leaf("ID", identity), *patient),
    )


def standard(blocks: dict[str, Lines], *, encoding: str = "UTF-8", indent: str = "\t") -> bytes:
    """A document of the standard: one prefix for each classification."""
    declared = "".join(f' xmlns:ns{name}="{SPACE}/{name}"' for name in blocks)
    places = " ".join(f"{SPACE}/{name} {name}_schema.xsd" for name in blocks)
    root = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{declared} xsi:schemaLocation="{places}"'
    lines = node("Ophthalmology", *blocks.values(), marks=root, indent=indent)
    head = f'<?xml version="1.0" encoding="{encoding}" ?>'
    return "".join(f"{line}\n" for line in [head, *lines]).encode("cp932" if "JIS" in encoding else "utf-8")


def nidek(stylesheet: str, *blocks: Lines, encoding: str = "UTF-8") -> bytes:
    """NIDEK's own form: no namespace."""
    head = [
        f'<?xml version="1.0" encoding="{encoding}"?>',
        f'<?xml-stylesheet type="text/xsl" href="{stylesheet}" ?>',
    ]
    lines = [*head, *node("Ophthalmology", *blocks, indent="  ")]
    text = "".join(f"{line}\r\n" for line in lines)
    return b"\xff\xfe" + text.encode("utf-16-le") if encoding == "UTF-16" else text.encode("utf-8")
