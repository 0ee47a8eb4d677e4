"""What goes into the outbox of a transmission."""

import json
from pathlib import Path

import pytest

from edge.clock import Clock, known_floor
from edge.supervisor.families import fit
from edge.supervisor.fitting import InstrumentSettings
from edge.supervisor.recording import drafts
from firmware_sim.nidek_frame import example as frame
from firmware_sim.tomey_classic import example as lens
from protocols import nidek_frame, tomey_classic


def instruments(decoded, family, model):
    settings = InstrumentSettings(name="lens-1", family=family, url="/dev/x", model=model)
    clock = Clock(known_floor(Path(__file__)))
    rows, _ = drafts(decoded[0], settings, fit(settings), now=clock.now(), boot="b")
    return [json.loads(row.body)["instrument"] for row in rows if row.kind == "reading"]


@pytest.mark.parametrize(("model", "told"), [("TL-3000C", "TL-3000C"), (None, "unknown")])
def test_an_instrument_that_does_not_name_itself_is_the_one_that_was_configured(model, told):
    (who,) = instruments(tomey_classic.decode(lens("TL-3000C", ("lensmetry",))), "tomey_classic", model)
    assert (who["maker"], who["model"]) == ("Tomey", told)


def test_an_instrument_that_names_itself_is_believed():
    said = nidek_frame.decode(frame("LM-7P", ("lensmetry",)))
    assert instruments(said, "nidek_frame", "LM-600P")[0]["model"] == "LM-7P"
