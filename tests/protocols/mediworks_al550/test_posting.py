"""What is posted: one part named file."""

import pytest

from protocols.framing import Unread
from protocols.mediworks_al550 import unpacked

KIND = "multipart/form-data; boundary=XX"


def body(*parts, end="--XX--\r\n"):
    said = "".join(
        f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n{data}\r\n' for name, data in parts
    )
    return (said + end).encode()


@pytest.mark.parametrize("kind", [KIND, 'Multipart/Form-Data; charset=utf-8; boundary="XX"'])
def test_the_file_is_unpacked(kind):
    assert unpacked(kind, body(("note", "x"), ("file", '{"a":\r\n1}'))) == (b'{"a":\r\n1}', 1)


def test_an_empty_file_is_a_file():
    assert unpacked(KIND, body(("file", ""))).data == b""


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("application/json", b"{}", "not multipart"),
        (KIND, body(("file", "x"), end=""), "broke off"),
        (KIND, b"", "broke off"),
        (KIND, body(("other", "x")), "one part named file; it has 0"),
        (KIND, body(("file", "x"), ("file", "y")), "it has 2"),
        (KIND, body(*[("note", "x")] * 30), "too many"),
    ],
)
def test_what_is_no_upload_is_refused_in_words(kind, data, why):
    with pytest.raises(Unread, match=why):
        unpacked(kind, data)
