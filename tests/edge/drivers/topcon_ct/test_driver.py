from edge.drivers.topcon_ct.driver import Driver
from firmware_sim.topcon_ct import CT80, INSTRUMENTS
from tests.edge.drivers.listening import Listens
from tests.protocols.topcon_ct.print_outs import std2


class TestListening(Listens):
    driver, instruments, stormy = Driver, INSTRUMENTS, CT80
    whole, torn = std2(), b"CT-80"
