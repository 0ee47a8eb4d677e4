from edge.drivers.tomey_top.driver import Driver
from firmware_sim.tomey_top import INSTRUMENTS, Topascope
from tests.edge.drivers.listening import Listens
from tests.protocols.tomey_top.print_outs import WHOLE


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, Topascope
    whole, torn = WHOLE, WHOLE[:120]
