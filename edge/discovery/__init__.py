"""Finds driver families by walking their manifests."""
