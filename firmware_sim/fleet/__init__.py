"""Thousands of simulated gateways in one process, to load a broker and the cloud's intake with."""
