"""What turns a small computer into a gateway: units, rules for devices, the recipe of the image."""
