"""A page on the gateway for whoever stands before it: what is connected, what is wrong, what to do.

It needs no internet and no account, only the PIN; it shows neither values nor names of patients.
"""
