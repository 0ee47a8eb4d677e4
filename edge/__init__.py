"""The gateway in the store: listens to instruments, keeps what they say, forwards it."""
