from edge.drivers.tomey_tagged.driver import Driver
from firmware_sim.tomey_tagged import INSTRUMENTS, RC5000
from tests.edge.drivers.listening import Listens
from tests.protocols.tomey_tagged.print_outs import BOTH, REF


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, RC5000
    whole, torn = BOTH, REF[:30]
