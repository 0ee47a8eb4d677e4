"""Refusals of the enrolment room."""


class NoAuthority(RuntimeError):
    """This installation has no authority that could sign anything; says what to do."""


class BadRequest(ValueError):
    """What a box sent cannot be used: no signing request, a key of another kind, a proof that proves nothing."""


class NoSuchClaim(LookupError):
    """No claim was ever made with this code."""


class TooManyGuesses(NoSuchClaim):
    """Too many codes that fit nothing came from this address."""


class NoSuchGateway(LookupError):
    """The chain has no such gateway."""


class ClaimRefused(Exception):
    """A claim that was made cannot be used like this."""


class ClaimExpired(ClaimRefused):
    """Its time is over."""


class ClaimCancelled(ClaimRefused):
    """It was cancelled, or the box that asked was turned down."""


class ClaimTaken(ClaimRefused):
    """Another box has used it, or has asked first."""


class WrongBox(ClaimRefused):
    """It was made for a box with another serial number."""


class ClaimOver(Exception):
    """It is no longer open, so there is nothing to cancel or to approve."""


class OwnClaim(Exception):
    """Whoever made a claim does not approve it."""


class NameTaken(ValueError):
    """A gateway of this store has that name, or a certificate that is still good carries it."""


class ClaimOpen(ValueError):
    """There is an open claim for this name; it is cancelled first."""


class NotAName(ValueError):
    """A gateway's name is made of a-z, 0-9 and '-'."""


class NoSuchStore(ValueError):
    """The chain has no such store."""


class RenewalRefused(Exception):
    """A certificate cannot be renewed."""


class UnknownCertificate(RenewalRefused):
    """It was not issued here."""


class CertificateRevoked(RenewalRefused):
    """It was revoked."""


class CertificateTooOld(RenewalRefused):
    """It expired longer ago than the grace."""


class TooManyCertificates(RenewalRefused):
    """The gateway was given too many of them within a day."""
