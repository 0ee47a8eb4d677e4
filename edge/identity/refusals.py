"""Why a box did not become a gateway, or a gateway got no new certificate."""


class EnrolmentRefused(Exception):
    """What happened and what to do next, in the words of the person before the box."""
