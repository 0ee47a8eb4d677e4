"""Chains, regions, stores, staff, roles and sign-in; owns who may act, never what they act on."""
