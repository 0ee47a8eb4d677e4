"""The list of patients and the number by which a result comes home."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.envelope.worklist import Item
from protocols.mediworks_al550 import item_of, patients, pid

NOW = datetime(2026, 11, 22, 9, 30)


def item(step="S1", **changes):
    told = {"accession": "A1", "procedure_id": "P1", "study_uid": "2.25.7", "patient_id": "15", "family": "Yang"}
    told |= {"given": "JJ", "birth_date": "1985-11-23", "sex": "M", "at": "2026-11-22T09:00:00Z", "modality": "OAM"}
    return Item(**{**told, "step_id": step, "description": "Biometry", **changes})


def test_the_list_has_every_key_of_the_makers_note():
    (told,) = patients([item()], NOW)

    assert told == {
        "firstname": "JJ",
        "lastname": "Yang",
        "patientId": "0000000015",
        "gender": "M",
        "birthday": "1985-11-23",
        "address": "",
        "phone": "",
        "email": "",
        "refractiveSurgery": "NONE",
        "age": 40,
        "status": "unchecked",
        "pid": str(pid(item())),
        "checkTime": 1795338000000,
        "createTime": 1795338000000,
        "isDeleted": False,
        "updateTime": 1795338000000,
    }


def test_an_id_that_is_no_number_and_an_unknown_sex_stay_as_they_are():
    (told,) = patients([item(patient_id="R-17", sex="", birth_date="")], NOW)
    assert (told["patientId"], told["gender"], told["age"]) == ("R-17", "", 0)


@given(step=st.text("ABC123", min_size=1, max_size=8))
def test_a_pid_has_19_digits_and_survives_javascript(step):
    number = pid(item(step))
    through = json.loads(json.dumps(float(number)))

    assert len(str(number)) == 19
    assert number < 2**63
    assert int(through) == number
    assert item_of(str(number), [item(step), item(f"{step}x")]) == item(step)


def test_a_pid_whose_last_digits_javascript_dropped_still_comes_home():
    number = pid(item())
    shortest = f"{float(number):.16e}".split("e")[0].replace(".", "").ljust(19, "0")

    assert item_of(shortest, [item()]) == item()


@pytest.mark.parametrize("said", ["", "0", "7230042280986583040", "-1", "1e18", "9" * 40, "１"])
def test_a_pid_nobody_asked_for_is_nobodys(said):
    assert item_of(said, [item()]) is None


def test_the_same_item_twice_is_no_answer():
    assert item_of(str(pid(item())), [item(), item()]) is None
