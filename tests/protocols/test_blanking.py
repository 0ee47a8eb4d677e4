"""Every dialect, every simulated instrument with somebody scanned, every model on the list, and noise."""

import asyncio
import importlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deploy.instruments.dialects import candidates
from edge.discovery import dialect, families, known
from firmware_sim.catalogue import instruments
from firmware_sim.wires import null_modem
from tests.protocols.blanking import ENCODINGS, assert_only_the_patient_is_gone

SPOKEN = {name: importlib.import_module(manifest.dialect) for name, manifest in known().items()}
BLANKING = {name: package for name, package in SPOKEN.items() if hasattr(package, "blank")}
SILENT = sorted(SPOKEN.keys() - BLANKING.keys())
MODELS = {
    f"{manifest.family}: {model.model}": (dialect(manifest), model)
    for manifest in families()
    for model in manifest.models
}
SCANNED = ("MUELLER-77", "7364519", "0736451", "Dave 47x")
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "refraction"
FILES = [path for path in sorted(SAMPLES.glob("*")) if path.suffix != ".md"]


def said(model):
    spoken, one = MODELS[model]
    return importlib.import_module(f"firmware_sim.{spoken.DIALECT}").example(one.model, one.kinds)


async def printed(made, patient, seed):
    """What stands on the wire after one press of Print."""
    instrument = made(null_modem()[0], seed=seed)
    instrument.patient_id = patient
    await instrument.measure()
    measured = instrument._measured
    return instrument._say(measured, 17, instrument._clock())


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_every_dialect_blanks_or_says_why_it_need_not(name):
    package = SPOKEN[name]

    assert hasattr(package, "blank") != hasattr(package, "NO_PATIENT")
    assert set(package.__all__) & {"blank", "NO_PATIENT"}


@pytest.mark.parametrize("name", SILENT)
def test_a_dialect_that_carries_no_patient_never_tells_one_and_says_why_in_a_sentence(name):
    assert SPOKEN[name].NO_PATIENT.endswith(".")
    assert not any(
        reading.patient_ref
        for model, (spoken, _) in MODELS.items()
        if name == spoken.DIALECT
        for event in spoken.decode(said(model))
        for reading in event.readings
    )


@pytest.mark.parametrize("patient", SCANNED)
@pytest.mark.parametrize("name", sorted(instruments()))
def test_whoever_was_scanned_is_gone_and_every_value_is_there(name, patient):
    made = instruments()[name]
    package = SPOKEN[made.__module__.split(".")[1]]
    data = asyncio.run(printed(made, patient, seed=patient))
    if hasattr(package, "blank"):
        assert_only_the_patient_is_gone(package, data, patient)
    else:
        assert not [spelt for spelt in ENCODINGS if patient.encode(spelt) in data]


@pytest.mark.parametrize("model", MODELS)
def test_what_a_model_measured_stays(model):
    spoken, _ = MODELS[model]
    if spoken.DIALECT in BLANKING:
        assert_only_the_patient_is_gone(spoken, said(model))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in FILES])
def test_what_was_measured_in_a_real_capture_stays(path):
    best = candidates(path.read_bytes())[0]
    if best.dialect.DIALECT in BLANKING and best.recognition.score:
        assert_only_the_patient_is_gone(best.dialect, path.read_bytes())


@pytest.mark.parametrize("name", sorted(BLANKING.keys() & {spoken.DIALECT for spoken, _ in MODELS.values()}))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), noise=st.binary(max_size=40), cuts=st.integers(0, 3))
@example(seed=3473111849, noise=b'/"', cuts=3)
@example(seed=1844000999, noise=b'\r;/"', cuts=2)
def test_any_bytes_keep_their_length_and_blanking_twice_is_once(name, seed, noise, cuts):
    luck = random.Random(seed)
    data = said(luck.choice([model for model, (spoken, _) in MODELS.items() if name == spoken.DIALECT]))
    for _ in range(cuts):
        at, until = luck.randrange(len(data) + 1), luck.randrange(len(data) + 1)
        data = data[:at] + noise + data[min(at, until) :]
    once = BLANKING[name].blank(data)

    assert len(once) == len(data)
    assert BLANKING[name].blank(once) == once


@pytest.mark.parametrize("name", sorted(BLANKING))
@given(data=st.binary())
@example(data=b"\xfe\xff")
def test_noise_raises_nothing(name, data):
    assert len(BLANKING[name].blank(data)) == len(data)


@pytest.mark.parametrize("name", sorted(BLANKING))
def test_nothing_stays_nothing(name):
    assert BLANKING[name].blank(b"") == b""


def test_of_what_only_a_map_can_read_nothing_is_left():
    assert BLANKING["mapped_table"].blank(b"Doe;4.5") == b"XXXX0X0"
