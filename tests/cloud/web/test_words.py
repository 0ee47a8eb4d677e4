import re

import pytest
from babel.messages.pofile import read_po

from deploy import words

FILES = words.catalogues()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_everything_said_is_said_in_every_language(file):
    assert words.untranslated(words.renewed(file)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_a_catalogue_holds_nothing_nobody_says_any_more(file):
    with file.open("rb") as text:
        kept = {message.id for message in read_po(text)}

    assert kept == {message.id for message in words.renewed(file)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_every_translation_keeps_its_placeholders(file):
    def holes(text):
        return sorted(re.findall(r"%\(\w+\)[sd]", text))

    for message in words.renewed(file):
        if message.id and not message.pluralizable:
            assert holes(message.id) == holes(message.string or ""), message.id


def test_words_are_plain():
    said = " ".join(str(message.id) for message in words.said())

    assert "lease" not in said.replace("elease", "")
    assert "!" not in said
