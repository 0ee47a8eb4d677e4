"""Bytes that gateways bring: what is kept, what is on its way."""
