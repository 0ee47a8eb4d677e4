"""Tomey and Rodenstock autorefractors and lensmeters that write bracketed tags."""
