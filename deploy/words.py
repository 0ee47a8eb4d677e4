"""Bring the translation catalogues up to date with the sources: ``python -m deploy.words``.

What is translated stays, what nobody says any more goes, what is new waits empty and is listed.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "cloud" / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}  # said later, in the language of whoever reads it


def main() -> int:
    """Refresh every catalogue; exit 1 while something waits for a translation."""
    waiting = [word for file in catalogues() for word in refresh(file)]
    for word in waiting:
        print(f"not translated: {word}")
    return 1 if waiting else 0


def catalogues() -> list[Path]:
    """One file a language."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def said() -> Catalog:
    """Everything the cloud says, from its sources."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    spoken = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(ROOT / "cloud", methods, options, KEYWORDS):
        spoken.add(message, context=context)
    return spoken


def renewed(file: Path) -> Catalog:
    """A catalogue as it should be."""
    with file.open("rb") as text:
        catalogue = read_po(text, locale=file.parts[-3])
    catalogue.update(said(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """What waits for its translation."""
    return [str(one.id) for one in catalogue if one.id and not _is_whole(one.string)]


def _is_whole(said: str | Sequence[str] | None) -> bool:
    return bool(said) and all(said or ())


def refresh(file: Path) -> list[str]:
    """Write a catalogue anew; gives back what is not translated yet."""
    catalogue = renewed(file)
    with file.open("wb") as text:
        write_po(text, catalogue, no_location=True, sort_output=True, omit_header=True, width=0)
    return untranslated(catalogue)


if __name__ == "__main__":
    sys.exit(main())
