"""Gateways and the instruments behind them, as far as showing needs them."""
