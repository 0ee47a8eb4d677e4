"""Releases of the gateway's software: built for a platform, signed, verified, laid into a box."""
