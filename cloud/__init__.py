"""The multi-tenant practice: one backend for every store of every chain."""
