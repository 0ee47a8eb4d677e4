"""The table of assertions in docs/broker.md: ``python -m tests.conformance.broker.ledger`` writes it."""

import re
from pathlib import Path

from tests.conformance.broker.differences import DIFFERENCES

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[2] / "docs" / "broker.md"
# In the order in which they are read, not in the alphabet's.
ORDER = ["connecting", "publishing", "subscribing", "sessions", "wills", "rules", "tls", "weather", "clients", "kills"]
START, END = "<!-- assertions -->", "<!-- end of assertions -->"
_ASSERTION = re.compile(r'async def test_\w+\(([^)]*)\):\n    """(BRK-\d+): ([^"]+)\."""')


def assertions():
    """Number and sentence of each."""
    return [(number, sentence) for number, sentence, _ in _found()]


def table():
    """The table, in Markdown."""
    lines = ["| number | promise | embedded | mosquitto 2.0.11 |", "|---|---|---|---|"]
    for number, sentence, only_ours in _found():
        differs = DIFFERENCES.get(number, {})
        ours = f"memory: {differs['memory']}" if "memory" in differs else "holds"
        peer = "not asked" if only_ours else differs.get("mosquitto", "holds")
        lines.append(f"| {number} | {sentence} | {ours} | {peer} |")
    return "\n".join(lines)


def _found():
    for room in ORDER:
        for parameters, number, sentence in _ASSERTION.findall((HERE / f"test_{room}.py").read_text(encoding="utf-8")):
            only_ours = not {"house", "guarded"} & set(re.split(r"\W+", parameters))
            yield number, sentence, only_ours


def main():
    """Put the table of today into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
