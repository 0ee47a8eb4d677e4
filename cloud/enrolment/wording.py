"""What refusals and codes of the room are called, in the language of whoever reads."""

from flask_babel import gettext as _

from cloud.enrolment import errors


def refusal(found: Exception) -> str:
    """What happened and what to do, for whoever stands before the box."""
    over = _("This claim was cancelled, or this box was turned down. Ask for a new claim on the fleet page.")
    name = _("The name of this claim cannot be given any more. Ask for a new claim on the fleet page.")
    said = {
        errors.TooManyGuesses: _("Too many claims that fit nothing came from here. Wait 15 minutes, then try again."),
        errors.NoSuchClaim: _("There is no claim with this code. Compare it with the sheet, letter by letter."),
        errors.ClaimExpired: _("This claim is over its time. Ask for a new one on the fleet page."),
        errors.ClaimCancelled: over,
        errors.ClaimTaken: _("Another box has used this claim. If it was not yours, tell whoever made it at once."),
        errors.WrongBox: _("This claim was made for a box with another serial number. Use that box, or a new claim."),
        **dict.fromkeys((errors.NameTaken, errors.NotAName, errors.NoSuchGateway, errors.NoSuchStore), name),
        errors.UnknownCertificate: _("This certificate was not issued here. The box needs a claim."),
        errors.CertificateRevoked: _("This gateway was revoked. A claim for a replacement box brings it back."),
        errors.CertificateTooOld: _("This certificate expired too long ago to be renewed. The box needs a claim."),
        errors.TooManyCertificates: _("This gateway was given too many certificates today. Try again tomorrow."),
        errors.NoAuthority: _(
            "This cloud cannot sign certificates yet. Its operator runs: emmetra cloud authority init"
        ),
    }
    return str(said.get(type(found), found))


def in_the_way(found: Exception) -> str:
    """Why a claim cannot be made under a name, beside the field."""
    said: dict[type[Exception], str] = {
        errors.NotAName: _("Write the name with a-z, 0-9 and '-', and short: with chain and store 64 characters."),
        errors.NameTaken: _("A gateway has this name, or a certificate that is still good. Take another name."),
        errors.ClaimOpen: _("There is an open claim for this name. Cancel it in the list first."),
        errors.NoSuchStore: _("Choose one of your stores."),
    }
    return str(said[type(found)])


def step(code: str) -> str:
    """How far a claim is."""
    said = {
        "open": _("Waits for a box"),
        "waiting": _("Waits for approval"),
        "approved": _("Approved"),
        "used": _("Used"),
        "cancelled": _("Cancelled"),
        "rejected": _("Turned down"),
        "expired": _("Expired"),
    }
    return str(said.get(code, code))


def kind(code: str) -> str:
    """What a claim is for."""
    said = {"new": _("New gateway"), "replace": _("Replacement box"), "move": _("Move to another store")}
    return str(said.get(code, code))


def why(code: str | None) -> str:
    """Why a certificate was revoked."""
    said = {
        "lost": _("Lost"),
        "stolen": _("Stolen"),
        "retired": _("Out of use"),
        "suspect": _("Its key may be known to others"),
        "other": _("Another reason"),
        "replaced_box": _("Another box took its place"),
    }
    return str(said.get(code or "", code or ""))


def verb(code: str) -> str:
    """What became of a gateway's identity."""
    said = {
        "enrolled": _("Enrolled"),
        "renewed": _("Certificate renewed"),
        "replaced_box": _("Replaced by another box"),
        "re_enrolled": _("Enrolled again"),
        "moved": _("Moved to another store"),
        "revoked": _("Revoked"),
    }
    return str(said.get(code, code))
