"""What somebody agreed to, and how they wish to be reached."""

from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel.clock import now
from cloud.people import consent_texts, queries, services, wording
from cloud.people.choices import MESSAGES, USES, Channel, ConsentState, Method, Purpose, TimeOfDay
from cloud.people.pages.blueprint import bp
from cloud.people.pages.chart import around, back
from cloud.web.filters import person_name
from cloud.web.languages import current_language

ASKED = {(purpose.value, way) for purpose in MESSAGES for way in Channel} | {(purpose.value, "") for purpose in USES}
GIVABLE = (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN)


@bp.get("/patients/<int:patient_id>/consents")
@needs(May.SEE_PATIENTS)
def consents(patient_id: int) -> ResponseReturnValue:
    """The answers that hold by purpose and channel, wishes, and every answer ever given."""
    page, given = around(patient_id, "consents"), queries.consents(db(), patient_id)
    guardians = [one.other for one in queries.relatives(db(), patient_id) if one.tie.may_consent and not one.outward]
    staff = {one.taken_by for one in given if one.taken_by}
    return render_template(
        "people/consents.html",
        **page,
        given=given,
        holds=queries.standing(given),
        wishes=queries.preferences(db(), patient_id),
        messages=MESSAGES,
        uses=USES,
        channels=wording.channels(),
        texts={one.value: _asked(one) for one in Purpose},
        guardians=guardians,
        guardian_options=[(one.id, person_name(one)) for one in guardians],
        needs_guardian=_young(page["patient"].birth_date),
        names=accounts.names(db(), staff),
        people=queries.named(db(), {one.given_by for one in given if one.given_by}),
    )


def _asked(purpose: Purpose) -> tuple[str, str]:
    """Version and words of what is asked today."""
    version = consent_texts.current(purpose)
    return version, consent_texts.words(purpose, version, current_language())


def _young(born: date | None) -> bool:
    today = now().date()
    years = consent_texts.guardian_below()
    return born is not None and (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < years


@bp.post("/patients/<int:patient_id>/consents")
@needs(May.EDIT_PATIENTS)
def answer(patient_id: int) -> ResponseReturnValue:
    """Keep every answer of the sheet that is another than the one that holds."""
    queries.patient(db(), patient_id)
    method, given_by = request.form.get("method", ""), request.form.get("given_by", type=int)
    if method not in set(Method) or (given_by and given_by not in _answering(patient_id)):
        abort(422)
    holds = queries.standing(queries.consents(db(), patient_id))
    for purpose, channel in sorted(ASKED):
        said = request.form.get(f"{purpose}.{channel}", "")
        before = holds.get((purpose, channel))
        if said in GIVABLE and (before is None or before.state != said):
            _keep(patient_id, purpose, channel, said, method, given_by)
    return back("consents", patient_id)


def _answering(patient_id: int) -> set[int]:
    relatives = queries.relatives(db(), patient_id)
    return {one.other.id for one in relatives if one.tie.may_consent and not one.outward}


def _keep(patient_id: int, purpose: str, channel: str, state: str, method: str, given_by: int | None) -> None:
    said: dict[str, Any] = {"purpose": purpose, "channel": channel, "state": state, "method": method}
    version = consent_texts.current(purpose)
    services.answer(db(), patient_id, **said, text_version=version, given_by=given_by, by=me().staff_id)


@bp.post("/patients/<int:patient_id>/wishes")
@needs(May.EDIT_PATIENTS)
def wish(patient_id: int) -> ResponseReturnValue:
    """Keep the wishes that are other than those that hold."""
    holds = queries.preferences(db(), patient_id)
    for purpose in MESSAGES:
        ways = [way for number in (1, 2) if (way := request.form.get(f"{purpose}.{number}", "")) in set(Channel)]
        time = request.form.get(f"{purpose}.time", TimeOfDay.ANY)
        if time not in set(TimeOfDay):
            abort(422)
        ways, before = list(dict.fromkeys(ways)), holds.get(purpose)
        now_held = (before.channels, before.time_of_day) if before else ([], TimeOfDay.ANY)
        if (ways, time) != now_held:
            services.wish(db(), patient_id, purpose=purpose, channels=ways, time_of_day=time, by=me().staff_id)
    return back("consents", patient_id, "wishes")
