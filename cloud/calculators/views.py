"""Pages of the calculators room."""

from flask import Blueprint

bp = Blueprint("calculators", __name__, template_folder="templates")
