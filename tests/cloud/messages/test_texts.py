"""Every template says the same in both languages, and fits a telephone."""

import pytest

from cloud.messages import texts
from cloud.messages.errors import NoSuchText
from cloud.messages.texts import filled

LONGEST = {"link": "https://book.example.test/b/" + "x" * 32, "when": "Wednesday 23 September 2026, 09:20"}


@pytest.mark.parametrize("name", texts.names())
def test_both_languages_want_the_same_words_and_leave_no_part_out(name):
    english, chinese = (texts.text(name, texts.current(name), language) for language in texts.LANGUAGES)
    assert english.wants() == chinese.wants()
    assert (len(english.lines), len(english.facts)) == (len(chinese.lines), len(chinese.facts))
    assert bool(english.action) == bool(chinese.action)
    assert all(one.subject and one.title and one.text for one in (english, chinese))


@pytest.mark.parametrize("name", texts.names())
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_text_for_a_telephone_is_short_and_has_what_the_mail_has(name, language):
    text = texts.text(name, texts.current(name), language)
    words = dict.fromkeys((*text.wants(), *texts.OURS), "Lindqvist") | LONGEST
    assert len(filled(text.text, words)) <= 306  # two texts of 153 signs
    assert ("link" in text.wants()) == ("{link}" in text.text)


def test_a_line_without_words_is_left_out_and_a_missing_word_is_refused():
    assert filled("Bring {what}.", {"what": ""}) == ""
    assert filled("Bring {what} for {who}.", {"what": "", "who": "Per"}) == "Bring  for Per."
    with pytest.raises(NoSuchText):
        filled("Bring {what}.", {})


@pytest.mark.parametrize("name", ["nothing", "../rules", ""])
def test_a_template_that_is_not_there_is_refused(name):
    with pytest.raises(NoSuchText):
        texts.current(name)


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("zh", "zh"), ("zh-Hans", "zh"), ("zh_TW", "zh"), ("en-GB", "en"), ("pt", "en"), ("", "en")],
)
def test_a_language_of_ours_is_found(language, spoken):
    assert texts.text("code", 1, language).language == spoken
