"""The gateway's software: signed releases, rings, roll-outs with a rule that stops them."""
