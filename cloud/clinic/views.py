"""Pages of the clinic room."""

from flask import Blueprint

bp = Blueprint("clinic", __name__, template_folder="templates")
