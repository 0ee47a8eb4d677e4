"""Clinical arithmetic in exact decimals: pure functions that name their rule, its version and its source."""
