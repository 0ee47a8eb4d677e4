"""The desk's pages of who arrives; the blueprint gathers them."""
