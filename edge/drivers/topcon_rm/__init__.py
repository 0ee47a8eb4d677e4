"""Topcon RM and KR autorefractors on a serial line."""
