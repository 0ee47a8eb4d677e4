"""``make new-instrument NAME=acme_tono MAKER=Acme MODEL=T-1``: a family that is whole but for how it is read.

The skeleton is a tonometer between STX and ETX; what is not so with yours is changed in the new folders, nowhere else.
"""

import argparse
import keyword
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template

from deploy import rooms

TEMPLATE = Path(__file__).parent / "template"
SUFFIX = ".txt"  # so that no tool takes a template for code
NEXT = """
What to do now (docs/instruments.md tells more):
  1. Put the capture into tests/captures/ (emmetra blank FILE -o FILE takes the patient out first).
  2. protocols/{name}/dialect.py: how a transmission begins and ends. protocols/{name}/reading.py: what it means.
  3. emmetra decode --expect tests/captures/FILE, then read what it wrote: it is your word.
  4. firmware_sim/{name}/, docs/wire/{name}.md and edge/drivers/{name}/: the same facts told twice more.
  5. make test T="tests/protocols/{name} tests/edge/drivers/{name} tests/captures tests/architecture" and make lint
"""


class Refused(Exception):
    """What was asked for cannot be written: a sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Write the folders; 1 when nothing was written."""
    parser = argparse.ArgumentParser(prog="make new-instrument", description=__doc__)
    parser.add_argument("name", help="of the dialect and the family: small letters, digits and _")
    parser.add_argument("--maker", default="", help="as it stands on the case")
    parser.add_argument("--model", default="", help="as it stands on the case")
    options = parser.parse_args(argv)
    try:
        written = write(rooms.ROOT, options.name, options.maker.strip(), options.model.strip())
    except Refused as refusal:
        print(f"make new-instrument: {refusal}", file=sys.stderr)
        return 1
    print("\n".join(str(path.relative_to(rooms.ROOT)) for path in written))
    rooms.main()
    print(NEXT.format(name=options.name))
    return 0


def write(root: Path, name: str, maker: str, model: str) -> list[Path]:
    """Write every file of the skeleton below ``root``. Raises Refused before anything is written."""
    _raise_unless_good(name, maker, model)
    words = {"name": name, "kind": name.title().replace("_", ""), "maker": maker, "model": model}
    files = {_place(root, source, name): source for source in sorted(TEMPLATE.rglob(f"*{SUFFIX}"))}
    if there := [path for path in files if path.exists()]:
        raise Refused(f"{there[0].relative_to(root)} is there already; nothing was written")
    for path, source in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(source.read_text("utf-8")).substitute(words), "utf-8")
    _tidied([path for path in files if path.suffix == ".py"])
    return list(files)


def _tidied(paths: Sequence[Path]) -> None:
    """Where an import belongs and where a line is broken depends on the names."""
    for words in (("check", "--select", "I", "--fix"), ("format",)):
        ruff = [sys.executable, "-m", "ruff", *words, "--quiet", "--no-cache", *map(str, paths)]
        subprocess.run(ruff, check=True)  # noqa: S603 - our own files


def _place(root: Path, source: Path, name: str) -> Path:
    return root / str(source.relative_to(TEMPLATE)).removesuffix(SUFFIX).replace("NAME", name)


def _raise_unless_good(name: str, maker: str, model: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name) or keyword.iskeyword(name):
        raise Refused("NAME is small letters, digits and _, such as NAME=acme_tono")
    for key, text in (("MAKER", maker), ("MODEL", model)):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./+-]{0,23}", text):
            raise Refused(f"{key} is what stands on the case, such as MAKER=Acme MODEL=T-1")


if __name__ == "__main__":
    sys.exit(main())
