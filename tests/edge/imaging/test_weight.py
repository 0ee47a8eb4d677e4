"""What the gateway's own process never loads."""

import subprocess
import sys

import pytest

HEAVY = ("pynetdicom", "pydicom", "numpy", "PIL", "cryptography", "edge.dicom.program")


@pytest.mark.edge("EDGE-322", "The gateway's process loads nothing that decodes pictures or speaks DICOM.")
def test_the_gateway_stays_light():
    code = f"import sys, edge.gateway; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
