"""A simulated morning: people, staff and outages around the real cloud and gateway, and a judge with its own log."""
