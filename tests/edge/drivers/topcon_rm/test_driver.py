from edge.drivers.topcon_rm.driver import Driver
from firmware_sim.topcon_rm import INSTRUMENTS, KR8900
from tests.edge.drivers.listening import Listens
from tests.protocols.topcon_rm.print_outs import WHOLE


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, KR8900
    whole, torn = WHOLE, b"A\rR\r- 1"
