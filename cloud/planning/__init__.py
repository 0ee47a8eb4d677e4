"""Changing the schedule with open eyes: whom a change touches is shown before it is made, and what was stays known."""
