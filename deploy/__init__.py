"""How the parts are put together: the command, the demo, the broker, the boxes."""
