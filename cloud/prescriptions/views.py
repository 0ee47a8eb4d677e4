"""Pages of the prescriptions room: every address and what answers it."""

from flask import Blueprint

from cloud.prescriptions import deeds, door, outside, showing, writing
from cloud.prescriptions.choices import Kind, Origin

bp = Blueprint("prescriptions", __name__, template_folder="templates")
door.install_refusals(bp)

OF_PATIENT, DRAFT = "/patients/<int:patient_id>/prescriptions", "/prescriptions/drafts/<uuid:key>"
ONE = "/prescriptions/<int:prescription_id>"

bp.add_url_rule(OF_PATIENT, "of_patient", showing.of_patient)
bp.add_url_rule(f"{OF_PATIENT}/compare", "compare", showing.compare)
for kind in Kind:
    bp.add_url_rule(f"{OF_PATIENT}/{kind}/new", f"write_{kind}", writing.write, defaults={"kind": kind.value})
for kind in (Kind.SPECTACLE, Kind.CONTACT):
    begun = {"kind": kind.value, "origin": Origin.OUTSIDE.value}
    bp.add_url_rule(f"{OF_PATIENT}/{kind}/outside", f"copy_{kind}", writing.write, defaults=begun)
bp.add_url_rule(f"{OF_PATIENT}/drafts/<uuid:key>", "save", writing.save, methods=["POST"])
bp.add_url_rule(f"{OF_PATIENT}/drafts/<uuid:key>/issue", "issue", writing.issue, methods=["POST"])
bp.add_url_rule(DRAFT, "draft", writing.draft)
bp.add_url_rule(f"{DRAFT}/discard", "discard", writing.discard, methods=["POST"])
bp.add_url_rule(f"{DRAFT}/second", "second", outside.second)
bp.add_url_rule(f"{DRAFT}/second", "agree", outside.agree, methods=["POST"])
bp.add_url_rule(ONE, "prescription", showing.prescription)
bp.add_url_rule(f"{ONE}/paper", "paper", deeds.paper, methods=["POST"])
bp.add_url_rule(f"{ONE}/end", "end", deeds.end, methods=["POST"])
bp.add_url_rule(f"{ONE}/release", "release", deeds.release, methods=["POST"])
