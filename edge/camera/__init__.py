"""A slit lamp's camera: where pictures come from, which eye they show, and the pedal that takes them."""
