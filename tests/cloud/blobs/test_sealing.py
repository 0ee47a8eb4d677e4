"""What is sealed opens only whole, with its own key, for its own chain, blob and place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.blobs.errors import Damaged, NoKey
from cloud.blobs.sealing import About, Keys, name, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32
HERE = About(1, "ab" * 32, 3)
ELSEWHERE = [HERE._replace(tenant_id=2), HERE._replace(sha256="cd" * 32), HERE._replace(number=4)]


@given(st.binary(max_size=5000))
def test_what_was_sealed_opens(data):
    assert unseal(KEY, seal(KEY, data, HERE), HERE) == data


@given(st.binary(max_size=200), st.data())
def test_a_changed_or_shortened_piece_does_not(data, drawn):
    sealed = seal(KEY, data, HERE)
    at = drawn.draw(st.integers(0, len(sealed) - 1))
    bit = 1 << drawn.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        unseal(KEY, sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :], HERE)
    with pytest.raises(Damaged):
        unseal(KEY, sealed[:at], HERE)


@pytest.mark.parametrize("about", ELSEWHERE, ids=["chain", "blob", "place"])
def test_nor_does_it_anywhere_else(about):
    with pytest.raises(Damaged):
        unseal(KEY, seal(KEY, b"data", HERE), about)


def test_nor_with_another_key():
    with pytest.raises(Damaged):
        unseal(OTHER, seal(KEY, b"data", HERE), HERE)


def test_sealing_twice_gives_two_different_pieces():
    assert seal(KEY, b"data", HERE) != seal(KEY, b"data", HERE)


def test_a_chains_key_opens_with_the_installations_and_only_for_that_chain():
    keys = Keys([KEY])
    wrapped = keys.wrap(b"c" * 32, 1)
    assert keys.unwrap(wrapped, keys.newest, 1) == b"c" * 32
    with pytest.raises(NoKey):
        keys.unwrap(wrapped, keys.newest, 2)
    with pytest.raises(NoKey):
        Keys([OTHER]).unwrap(wrapped, keys.newest, 1)


def test_the_first_key_locks_and_all_open():
    both = Keys.of(f"{OTHER.hex()},{KEY.hex()}")
    assert both.newest == name(OTHER)
    assert both.unwrap(Keys([KEY]).wrap(b"c" * 32, 1), name(KEY), 1) == b"c" * 32


@pytest.mark.parametrize("text", ["", ",", "no key", "ab" * 31, f"{'ab' * 32},zz"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoKey):
        Keys.of(text)


def test_keys_show_nothing_of_themselves():
    assert KEY.hex() not in repr(Keys([KEY])) + name(KEY)
