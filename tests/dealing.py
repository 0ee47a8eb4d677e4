"""Who of the workers gets which tests next.

xdist hands out the files with the most tests first, so that a run ended with one worker at the few tests that start
a whole cloud each. Here those come first, the longest at their head, and no more than two workers are at them
while there is anything else to do: the rest of their time is waiting, which the others' sums fill.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

CLOUDS = ("tests/journeys/", "tests/browser/", "tests/load/")
CLOUDS_AT_ONCE = 2
# Every test in these begins from nothing, so they need not stay together.
ALONE = (
    "tests/edge/dicom/test_beside_the_gateway.py",
    "tests/edge/test_kills.py",
    "tests/journeys/test_demo.py",
    "tests/load/test_kills.py",
)
# Whoever asks for the desk of tests/journeys shares one, which takes longer to set up than most tests there take.
ASKS_FOR_DESK = re.compile(r"def \w+\([^)]*\bdesk\b")
ROOT = Path(__file__).parents[1]
DESK = "tests/journeys/ at one desk"
# Seconds on two cores, roughly; what is not here is shorter.
LONG = {
    DESK: 300,
    "tests/journeys/test_updates.py": 200,
    "tests/journeys/test_enrolment.py": 190,
    "tests/browser/test_every_page.py": 160,
    "tests/journeys/test_blobs.py": 150,
    "tests/browser/test_examination.py": 130,
    "tests/journeys/test_demo.py": 100,
    "tests/browser/test_exam.py": 90,
    "tests/browser/test_phoropter.py": 80,
    "tests/browser/test_journey.py": 80,
    "tests/journeys/test_screens.py": 60,
    "tests/load/test_kills.py": 50,
    "tests/load/test_fleet.py": 50,
    "tests/journeys/test_blobs_secured.py": 45,
    "tests/edge/dicom/test_beside_the_gateway.py": 35,
}


class Dealer(LoadScopeScheduling):
    """File by file, as ``--dist loadfile``, but for what is said above."""

    def _split_scope(self, nodeid: str) -> str:
        file = file_of(nodeid)
        if file in ALONE:
            return nodeid
        return DESK if is_at_desk(file) else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(self._next(node), last=False)
        super()._assign_work_unit(node)

    def _next(self, node: WorkerController) -> str:
        clouds_elsewhere = [one for one in self.nodes if one is not node and self._is_at_clouds(one)]
        return chosen(self.workqueue, cloud=len(clouds_elsewhere) < CLOUDS_AT_ONCE)

    def _is_at_clouds(self, node: WorkerController) -> bool:
        work = self.assigned_work[node]
        return any(is_cloud(scope) for scope, tests in work.items() if not all(tests.values()))


def file_of(scope: str) -> str:
    """The file a test or a scope is in."""
    return scope.split("::", 1)[0]


@cache
def is_at_desk(file: str) -> bool:
    """Whether its tests ask for the one desk of the journeys."""
    return file.startswith("tests/journeys/") and bool(ASKS_FOR_DESK.search((ROOT / file).read_text()))


def is_cloud(scope: str) -> bool:
    """Whether whole programs run in it."""
    return scope.startswith(CLOUDS) or file_of(scope) in ALONE


def chosen(waiting: Iterable[str], *, cloud: bool) -> str:
    """The longest of the kind that is wanted, or of the other when none is left; the first of equals."""
    scopes = list(waiting)
    wanted = [scope for scope in scopes if is_cloud(scope) is cloud] or scopes
    return max(wanted, key=lambda scope: LONG.get(file_of(scope), 0))
