"""Huvitz autorefractors, and Charops, Tianle and Xiongbo that speak like them, on a serial line."""
