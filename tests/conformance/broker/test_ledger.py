"""The assertions themselves: numbered without a gap, each once, and shown in docs/broker.md as they are."""

from tests.conformance.broker.differences import DIFFERENCES
from tests.conformance.broker.ledger import DOCUMENT, assertions, table


def test_every_assertion_has_its_own_number():
    numbers = [number for number, _ in assertions()]

    assert numbers == [f"BRK-{n:03}" for n in range(1, len(numbers) + 1)]


def test_every_difference_belongs_to_an_assertion():
    assert set(DIFFERENCES) <= {number for number, _ in assertions()}


def test_the_document_shows_what_is_tested():
    """Write it anew with ``python -m tests.conformance.broker.ledger``."""
    assert table() in DOCUMENT.read_text(encoding="utf-8")
