"""The page of dead letters: what waits, what became of the rest, another try, setting aside."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import queries as fleet
from cloud.readings import letters
from cloud.readings.choices import Outcome
from cloud.readings.errors import NoSuchLetter, Settled

bp = Blueprint("letters", __name__, url_prefix="/dead-letters", template_folder="templates")
LONGEST_REASON = 300


@bp.get("")
@needs(May.MEND_FLEET)
def waiting() -> ResponseReturnValue:
    """What arrived and could not be taken, or (``settled=1``) what became of it."""
    settled = request.args.get("settled") == "1"
    found = letters.page(db(), settled=settled, before=request.args.get("before", type=int))
    shown = found[: letters.PAGE]
    older = url_for(".waiting", settled=int(settled), before=shown[-1].letter.id) if len(found) > len(shown) else ""
    names = {gateway.id: gateway.slug for gateway in fleet.gateways(db())} if shown else {}
    page = {"settled": settled, "older": older, "names": names, "count": letters.waiting(db())}
    return render_template("readings/dead_letters.html", letters=shown, **page)


@bp.post("/<int:letter_id>/again")
@needs(May.MEND_FLEET)
def again(letter_id: int) -> ResponseReturnValue:
    """Try one letter again."""
    done = letters.replay(db(), letter_id, by=me().staff_id)
    if done.outcome == Outcome.TAKEN:
        flash(_("It was taken now. The reading is where it belongs, or in the tray."), "success")
    else:
        flash(_("It still cannot be taken: %(why)s. It stays here.", why=done.why), "warning")
    return redirect(url_for(".waiting"), 303)


@bp.post("/again")
@needs(May.MEND_FLEET)
def again_all() -> ResponseReturnValue:
    """Try all that wait."""
    done = letters.replay_all(db(), by=me().staff_id)
    taken = ngettext("%(num)s letter was taken", "%(num)s letters were taken", done["taken"])
    refused = ngettext("%(num)s stays here", "%(num)s stay here", done["refused"])
    flash(f"{taken}; {refused}.", "success" if not done["refused"] else "warning")
    return redirect(url_for(".waiting"), 303)


@bp.post("/<int:letter_id>/aside")
@needs(May.MEND_FLEET)
def aside(letter_id: int) -> ResponseReturnValue:
    """Set one letter aside, with a reason."""
    why = request.form.get("why", "").strip()[:LONGEST_REASON]
    if not why:
        flash(_("Say why it is set aside; nothing was changed."), "warning")
        return redirect(url_for(".waiting"), 303)
    letters.set_aside(db(), letter_id, why=why, by=me().staff_id)
    flash(_("It was set aside. It is kept and can still be seen."), "success")
    return redirect(url_for(".waiting"), 303)


@bp.errorhandler(NoSuchLetter)
def _unknown(_refusal: NoSuchLetter) -> ResponseReturnValue:
    abort(404)


@bp.errorhandler(Settled)
def _settled(_refusal: Settled) -> ResponseReturnValue:
    flash(_("Somebody has settled this letter already; nothing was changed."), "warning")
    return redirect(url_for(".waiting"), 303)
