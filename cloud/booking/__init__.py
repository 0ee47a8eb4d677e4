"""Visits that are booked: what is free, holds, the one transaction that takes a time, and what becomes of it."""
