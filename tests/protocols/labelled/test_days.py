"""Days that can be told, and days that could be two."""

import pytest

from protocols.labelled import moment


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-02-05T14:07:09", "2024-02-05T14:07:09"),
        ("2024/2/5 2:07 pm", "2024-02-05T14:07:00"),
        ("2018-12-9 12:50 am", "2018-12-09T00:50:00"),
        ("5 Feb 2024 14:07", "2024-02-05T14:07:00"),
        ("February 5, 2024 14:07", "2024-02-05T14:07:00"),
        ("05.02.2024 14:07", "2024-02-05T14:07:00"),
        ("13/02/2024 14:07", "2024-02-13T14:07:00"),
        ("02-13-2024 14:07", "2024-02-13T14:07:00"),
        ("02/02/2024 14:07", "2024-02-02T14:07:00"),
        ("05/02/2024 14:07", None),
        ("13/13/2024 14:07", None),
        ("30 Feb 2024 14:07", None),
        ("5 Foo 2024 14:07", None),
        ("2024-02-05 24:07", None),
        ("2024-02-05", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_day_is_told_only_where_it_can_be_no_other(text, told):
    assert moment(text) == told
