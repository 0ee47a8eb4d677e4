"""Record numbers given out by a chain: a serial and its check digit after ISO/IEC 7064, MOD 11,10.

The scheme is the one of that standard for numbers of digits with a check digit that is itself a digit. A single
wrong digit never passes; of two neighbouring digits swapped, nearly none does.
"""

FIRST = 100_001


def check_digit(digits: str) -> str:
    """The check digit of a row of ASCII digits.

    Raises:
        ValueError: something in it is no digit.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a check digit is made of digits")
    remainder = 10
    for digit in digits:
        remainder = ((remainder + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - remainder) % 10)


def numbered(serial: int) -> str:
    """The record number of a serial."""
    return f"{serial}{check_digit(str(serial))}"


def holds(number: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return len(number) > 1 and number.isascii() and number.isdigit() and check_digit(number[:-1]) == number[-1]
