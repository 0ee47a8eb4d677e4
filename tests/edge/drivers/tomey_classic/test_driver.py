from edge.drivers.tomey_classic.driver import Driver
from firmware_sim.tomey_classic import INSTRUMENTS, RC5000
from tests.edge.drivers.listening import Listens
from tests.protocols.tomey_classic.print_outs import WHOLE


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, RC5000
    whole, torn = WHOLE, WHOLE[:30]
