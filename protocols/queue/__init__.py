"""A store's queue as cloud and gateway both know it: its words, which state follows which, whose turn it is.

Without the internet the gateway goes on with the queue, so what decides about people stands here once. Pure.
"""
