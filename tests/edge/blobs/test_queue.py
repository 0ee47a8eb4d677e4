"""What is offered and sent next: small before large, old before new, and never too much at once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from edge.blobs.journal import Row
from edge.blobs.queue import MIB, WINDOW, PieceSize, Queue
from protocols.envelope.blobs import Answer


def row(number, size=10, at=0.0):
    return Row(f"{number:064x}", size, "image/png", "pending", 0, None, at or float(number), None)


def ticket(row, offset=0):
    return Answer(sha256=row.sha256, state="send", url="https://cloud/x", ticket="t", offset=offset)


def test_no_more_than_a_window_of_answers_is_waited_for():
    queue, rows = Queue(), [row(number) for number in range(40)]
    assert queue.offers(rows, 100.0) == rows[:WINDOW]
    assert queue.offers(rows, 100.0) == []
    queue.may(rows[0], ticket(rows[0]))
    assert queue.offers(rows, 100.0) == [rows[WINDOW]]


def test_an_offer_without_answer_is_made_again_later_and_later():
    queue, one = Queue(), row(1)
    made, now = [], 0.0
    for _ in range(20_000):
        now += 1.0
        made += [now] if queue.offers([one], now) else []
    gaps = [later - earlier for earlier, later in pairwise(made)]
    assert min(gaps) >= 15
    assert max(gaps) <= 16 + 900
    assert len(made) < 100


def test_over_a_new_connection_everything_without_a_ticket_is_offered_again():
    queue, rows = Queue(), [row(1), row(2)]
    queue.offers(rows, 0.0)
    queue.may(rows[0], ticket(rows[0]))
    queue.ask_anew()
    assert queue.offers(rows, 1.0) == [rows[1]]


def test_a_newer_ticket_does_not_take_progress_back():
    queue, one = Queue(), row(1, 9 * MIB)
    queue.may(one, ticket(one))
    queue.next().offset = 4 * MIB
    queue.may(one, ticket(one, 2 * MIB))
    assert (queue.next().offset, queue.next().sure) == (4 * MIB, False)


@given(st.lists(st.tuples(st.integers(0, 5 * MIB), st.floats(1, 1e9)), min_size=1, max_size=30, unique=True))
def test_small_ones_go_first_and_one_large_one_is_finished_before_the_next(sizes):
    queue = Queue()
    for number, (size, at) in enumerate(sizes):
        queue.may(one := row(number, size, at), ticket(one))
    order = []
    while turn := queue.next():
        order.append(turn.row)
        queue.over(turn.row.sha256)
    assert order == sorted(order, key=lambda one: (one.bytes > MIB, one.at, one.sha256))
    assert len(order) == len(sizes)


def test_pieces_grow_on_a_good_line_and_shrink_on_a_poor_one():
    size = PieceSize()
    for _ in range(5):
        size.took(size.bytes, 0.1)
    assert size.bytes == 8 * MIB
    for _ in range(5):
        size.took(size.bytes, 60.0)
    assert size.bytes == MIB
