"""Examinations that are wanted, and what stores were told of them."""
