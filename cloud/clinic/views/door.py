"""Where every page of the clinic room hangs."""

from flask import Blueprint

bp = Blueprint("clinic", "cloud.clinic", template_folder="templates")
