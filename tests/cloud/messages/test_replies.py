"""What somebody means who answers a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.messages.choices import Meaning
from cloud.messages.replies import meaning


@pytest.mark.parametrize(
    ("body", "means"),
    [
        *((body, Meaning.CONFIRM) for body in ("C", " c ", "c.", "Ｃ", "YES", "ok!", "确认", "好的。")),
        *((body, Meaning.CANCEL) for body in ("X", "x", "取消", "Cancel", "no")),
        *((body, Meaning.STOP) for body in ("STOP", "stop.", "Stop  All", "退订", "TD", "td", "Unsubscribe", "END")),
        *((body, Meaning.START) for body in ("START", "恢复")),
        *((body, Meaning.OTHER) for body in ("", "C you then", "please stop", "I do not want to cancel", "退订了吗")),
    ],
)
def test_only_a_whole_answer_has_a_meaning(body, means):
    assert meaning(body) == means


@given(st.text())
def test_anything_can_be_answered(body):
    assert meaning(body) in Meaning
