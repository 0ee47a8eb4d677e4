"""Pages of the desk; the blueprint gathers them."""
