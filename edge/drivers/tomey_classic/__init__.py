"""Tomey and Rodenstock autorefractors and lensmeters that write lines of fixed columns."""
