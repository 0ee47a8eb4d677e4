"""New software on the gateway: two slots, one state file, a signed release, and a way back at every step."""
