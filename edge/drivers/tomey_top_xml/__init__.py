"""Tomey TOP-1000 and Rodenstock Topascope tonometers that write XML into a shared folder."""
