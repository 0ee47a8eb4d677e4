import subprocess
import sys

import pytest

PROGRAM = """
import sys
import edge.gateway
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"usb", "PIL", "pydicom", "numpy", "libusb_package"}))
print(*sorted(name for name in sys.modules if name.startswith(("edge.camera", "edge.links.usb_", "protocols.slit"))))
"""


@pytest.mark.edge("EDGE-398", "A gateway without camera and USB instruments carries nothing of them in its memory.")
def test_a_gateway_without_a_camera_imports_nothing_of_it():
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    assert said.stdout.split() == []
