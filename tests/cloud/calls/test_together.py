"""What many ask for at once is made once, and never out of what was begun before somebody asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from time import sleep

import pytest

from cloud.calls.screens import Together

PATIENCE = 20


@pytest.fixture
def pool():
    with ThreadPoolExecutor(24) as pool:
        yield pool


class Slow:
    """Makes what is true when it begins, and ends when it may."""

    def __init__(self) -> None:
        self.truth, self.times = 0, 0
        self.begun, self.may_end = Event(), Event()

    def make(self) -> int:
        self.times += 1
        found = self.truth
        self.begun.set()
        self.may_end.wait(PATIENCE)
        return found


class Counted:
    """A lock that knows how often it was let go."""

    def __init__(self) -> None:
        self._lock, self.times = Lock(), 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.times += 1
        self._lock.release()


def test_alone_each_gets_their_own():
    together, made = Together(), iter(range(9))
    assert [together.made("hall", lambda: next(made)) for _ in range(3)] == [0, 1, 2]


def test_who_asks_while_it_is_made_shares_the_next_one(pool):
    together, slow = Together(), Slow()
    together._lock = lock = Counted()
    first = pool.submit(together.made, "hall", slow.make)
    assert slow.begun.wait(PATIENCE)
    slow.truth, before = 1, lock.times
    others = [pool.submit(together.made, "hall", slow.make) for _ in range(20)]
    while lock.times < before + len(others):
        sleep(0.001)
    slow.may_end.set()
    assert (first.result(PATIENCE), {one.result(PATIENCE) for one in others}) == (0, {1})
    assert slow.times == 2


def test_what_changed_before_somebody_asked_is_in_what_they_get(pool):
    """However the threads fall: everybody asks after a change, and nobody is told what was before it."""
    together, changes = Together(), list[int]()

    def make() -> int:
        found = len(changes)
        sleep(0.0002)
        return found

    def ask(n: int) -> bool:
        changes.append(n)
        since = len(changes)
        return together.made("hall", make) >= since

    assert all(pool.map(ask, range(2000)))


def test_halls_do_not_wait_for_each_other_and_share_nothing(pool):
    together, slow = Together(), Slow()
    held_up = pool.submit(together.made, "hall", slow.make)
    assert slow.begun.wait(PATIENCE)
    assert together.made("other", lambda: "its own") == "its own"
    slow.may_end.set()
    assert held_up.result(PATIENCE) == 0


def test_a_fault_is_everybodys_who_asked_and_nobodys_after(pool):
    together, slow = Together(), Slow()
    first = pool.submit(together.made, "hall", slow.make)
    assert slow.begun.wait(PATIENCE)
    others = [pool.submit(together.made, "hall", lambda: 1 // 0) for _ in range(5)]
    slow.may_end.set()
    assert first.result(PATIENCE) == 0
    assert {type(one.exception(PATIENCE)) for one in others} == {ZeroDivisionError}
    assert together.made("hall", lambda: "again") == "again"


def test_nothing_is_kept(pool):
    together = Together()
    list(pool.map(lambda n: together.made(n % 7, lambda: n), range(500)))
    assert (together._next, together._going) == ({}, {})
