"""Keeler TonoCare tonometer through its docking station."""
