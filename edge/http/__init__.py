"""As much of an HTTP server as a gateway needs: its own page, and instruments that pull and post."""
