"""Refusals of the accounts room."""


class ChainExists(Exception):
    """There is a chain with this slug already."""


class SignInRefused(Exception):
    """Address and password do not belong together; which of the two is not said."""


class TooManyAttempts(SignInRefused):
    """Too many wrong passwords for this address within a quarter of an hour."""


class CodeRefused(Exception):
    """The one-time code is wrong, too old or already used."""
