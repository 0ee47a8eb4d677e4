"""What a bad line makes of good print-outs: cut, bent, joined, with scraps between."""

from hypothesis import strategies as st

SCRAPS = [b"\x01", b"\x02", b"\x04", b"\x17", b"\r", b"\n", b"\x00", b" ", b"\xff\xfe", b"*|,[]", b"x" * 40]


def cut(whole):
    """Any piece of a print-out."""
    places = st.integers(0, len(whole))
    return st.tuples(places, places).map(lambda ends: whole[min(ends) : max(ends)])


def bent(whole):
    """A print-out with one byte that is another."""
    return st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)).map(
        lambda where: whole[: where[0]] + bytes([where[1]]) + whole[where[0] + 1 :]
    )


def wires(*print_outs):
    """Everything a wire may carry when an instrument that says these print-outs hangs on it."""
    pieces = [form for whole in print_outs for form in (st.just(whole), cut(whole), bent(whole))]
    return st.lists(st.one_of(*pieces, st.sampled_from(SCRAPS), st.binary(max_size=9)), max_size=6).map(b"".join)
