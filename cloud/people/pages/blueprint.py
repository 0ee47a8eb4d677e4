"""The room's one blueprint, which its pages join."""

from flask import Blueprint

bp = Blueprint("people", __name__, template_folder="../templates")
