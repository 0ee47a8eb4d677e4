"""Pages of the prescriptions room."""

from flask import Blueprint

bp = Blueprint("prescriptions", __name__, template_folder="templates")
