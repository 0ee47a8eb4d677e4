from edge.drivers.tomey_format2.driver import Driver
from firmware_sim.tomey_format2 import INSTRUMENTS, RT6000
from tests.edge.drivers.listening import Listens
from tests.protocols.tomey_format2.print_outs import WHOLE


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, RT6000
    whole, torn = WHOLE, b"Ref_R*,-1.2"
