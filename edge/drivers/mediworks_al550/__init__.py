"""Mediworks AL550 biometer: pulls its patients from the gateway and posts what it measured."""
