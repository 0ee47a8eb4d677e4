"""Where every page of the clinic room hangs, and what it answers about things that are not there."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cloud.clinic.errors import NoSuchEncounter, NoSuchRecall, NoSuchVersion
from cloud.people.errors import NoSuchPatient
from cloud.web.error_pages import refused

bp = Blueprint("clinic", "cloud.clinic", template_folder="templates")


@bp.errorhandler(NoSuchEncounter)
@bp.errorhandler(NoSuchPatient)
@bp.errorhandler(NoSuchRecall)
@bp.errorhandler(NoSuchVersion)
def not_there(_refusal: LookupError) -> ResponseReturnValue:
    """Not in this chain, or never was; abort() would be a failure of this handler, and so a 500."""
    return refused(NotFound())
