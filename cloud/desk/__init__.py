"""The staff's calendar of visits, the queue of what the desk should look at, and booking at the counter."""
