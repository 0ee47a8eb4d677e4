"""DGH 550 pachymeter on a serial line."""
