import re
from collections import Counter

import pytest

from deploy import promises


def test_the_page_of_promises_is_up_to_date():
    assert promises.PAGE.read_text("utf-8") == promises.page(), "run: python -m deploy.promises"


def test_every_promise_has_a_number_of_its_own():
    numbers = Counter(one.number for one in promises.promises())

    assert [number for number in numbers if not re.fullmatch(r"EDGE-\d{3}", number)] == []
    assert [number for number, times in numbers.items() if times > 1] == []
    assert len(numbers) >= 40


def test_every_promise_is_one_sentence_on_one_line():
    found = [one.sentence for one in promises.promises()]

    assert [sentence for sentence in found if not re.fullmatch(r"[A-Z][^\n|]{15,200}\.", sentence)] == []
    assert len(set(found)) == len(found)


def test_a_promise_that_is_computed_is_refused_with_its_place(tmp_path):
    path = tmp_path / "test_x.py"
    path.write_text('import pytest\n\n@pytest.mark.edge(NUMBER, "A sentence.")\ndef test_x(): ...\n')

    with pytest.raises(promises.Unreadable, match=r"test_x\.py:3"):
        list(promises._in_file(path))
