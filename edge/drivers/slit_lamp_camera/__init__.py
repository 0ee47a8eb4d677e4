"""A slit lamp's camera, with or without a foot switch."""
