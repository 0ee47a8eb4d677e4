"""The gateway speaks for itself: checks, repairs, its log, and one file for support."""
