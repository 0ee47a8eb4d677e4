"""The grid, the viewer, pictures over HTTP, and marks."""

import json
import zlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from cloud.blobs import services as blobs
from cloud.imaging import queries, space
from cloud.imaging.choices import Sort
from cloud.imaging.models import Mark
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from tests.cloud.imaging.pictures_here import bring, deep, derive, paper, photograph, ramp, volume, waiting

LINE = {"shape": "caliper", "points": [[0.1, 0.2], [0.3, 0.4]], "frame": 2}


@pytest.fixture
def pictures(engine, world):
    """A volume and a photograph of Grace's, derived."""
    found = bring(engine, world.pier, world.alice, world.grace, [volume(slices=4), photograph(days=1)])
    derive(engine, world.one)
    return found


@pytest.fixture
def alice(sign_in, world):
    return sign_in(world.alice)


def at(world, reading_id, rest=""):
    return f"/patients/{world.grace}/pictures/{reading_id}{rest}"


def test_an_empty_record_says_what_would_fill_it(alice, world):
    page = alice.get(f"/patients/{world.grace}/pictures").get_data(as_text=True)
    assert "No pictures yet" in page


def test_the_grid_shows_pictures_by_day_and_is_narrowed_by_eye_and_kind(alice, world, pictures):
    volume_, photo = map(str, pictures)
    both = alice.get(f"/patients/{world.grace}/pictures").get_data(as_text=True)
    assert both.index(photo) < both.index(volume_)
    assert "OCT" in both
    for asked, there, away in (
        ("eye=right", volume_, photo),
        ("eye=left", photo, volume_),
        ("sort=oct", volume_, photo),
        ("sort=photo", photo, volume_),
    ):
        page = alice.get(f"/patients/{world.grace}/pictures?{asked}").get_data(as_text=True)
        assert (there in page, away in page) == (True, False)
    assert "No such pictures" in alice.get(f"/patients/{world.grace}/pictures?sort=document").get_data(as_text=True)


def test_more_than_a_page_goes_on_after_it(alice, world, engine, monkeypatch):
    from cloud.imaging import panes

    monkeypatch.setattr(panes, "PAGE", 2)
    ids = bring(engine, world.pier, world.alice, world.grace, [photograph(days=n) for n in range(3)])
    first = alice.get(f"/patients/{world.grace}/pictures").get_data(as_text=True)
    assert [f'pictures/{one}"' in first for one in ids] == [False, True, True]
    second = alice.get(f"/patients/{world.grace}/pictures?before={ids[1]}").get_data(as_text=True)
    assert [f'pictures/{one}"' in second for one in ids] == [True, False, False]


def test_a_picture_whose_bytes_are_on_their_way_is_shown_as_such(alice, world, engine, monkeypatch):
    from deploy.demo import pictured

    monkeypatch.setattr(pictured.blobs, "put", lambda _session, data, _type: "ef" * 32)
    [coming] = bring(engine, world.pier, world.alice, world.grace, [photograph()])
    page = alice.get(f"/patients/{world.grace}/pictures").get_data(as_text=True)
    assert "On its way from the store" in page
    assert "blobs.kept." + "ef" * 32 in page
    assert alice.get(at(world, coming)).status_code == 200
    assert alice.get(at(world, coming, "/original")).status_code == 404


def test_a_file_that_shows_nothing_says_why_and_can_be_tried_again(alice, world, engine):
    from deploy.demo.pictured import Taken

    broken = Taken(photograph().at, b"\xff\xd8\xff no jpeg", "image/jpeg", "Slit Lamp 5", {"modality": "SLIT"})
    [reading_id] = bring(engine, world.pier, world.alice, world.grace, [broken])
    derive(engine, world.one)
    page = alice.get(at(world, reading_id)).get_data(as_text=True)
    assert "This file cannot be read as a picture" in page
    assert alice.post(at(world, reading_id, "/again")).status_code == 303
    assert len(waiting(engine, world.one)) == 1


def test_the_viewer_is_told_frames_scale_and_marks_and_the_look_is_noted(alice, world, engine, pictures):
    page = alice.get(at(world, pictures[0]))
    assert page.status_code == 200
    told = alice.get(at(world, pictures[0], "/state.json")).get_json()
    assert [one["number"] for one in told["frames"]] == [0, 1, 2, 3]
    assert (told["medium"], told["state"], told["pixel_mm"]) == ("volume", "ready", [0.0039, 0.046875])
    assert told["enface"]["height"] == 4
    with unit_of_work(engine, world.one) as session:
        noted = select(Entry.verb, Entry.staff_id).where(Entry.subject_id == str(pictures[0]), Entry.verb == "opened")
        assert session.execute(noted).all() == [("opened", world.alice.id)]


def test_two_are_put_side_by_side(alice, world, pictures):
    page = alice.get(at(world, pictures[0], f"?beside={pictures[1]}")).get_data(as_text=True)
    assert page.count('class="pane"') == 2
    assert alice.get(at(world, pictures[0], f"?beside={uuid4()}")).status_code == 404


def test_a_derived_picture_has_a_strong_tag_and_is_kept_by_this_browser_alone(alice, world, pictures):
    answer = alice.get(at(world, pictures[0], "/frame-1"))
    tag, weak = answer.get_etag()
    assert (answer.mimetype, weak, len(tag)) == ("image/jpeg", False, 64)
    assert answer.headers["Cache-Control"].startswith("private")
    again = alice.get(at(world, pictures[0], "/frame-1"), headers={"If-None-Match": f'"{tag}"'})
    assert (again.status_code, again.data) == (304, b"")
    assert alice.get(at(world, pictures[0], "/frame-9")).status_code == 404
    assert alice.get(at(world, pictures[0], "/headers-0")).status_code == 404


def test_all_shades_of_a_deep_picture_come_packed_with_a_strong_tag(alice, world, engine):
    [reading_id] = bring(engine, world.pier, world.alice, world.grace, [deep()])
    derive(engine, world.one)
    told = alice.get(at(world, reading_id, "/state.json")).get_json()
    assert (told["depth"]["bits"], [one["number"] for one in told["held"]]) == (12, [0])
    answer = alice.get(told["held"][0]["href"])
    assert (answer.content_encoding, answer.mimetype) == ("deflate", "application/octet-stream")
    assert zlib.decompress(answer.data) == ramp().astype("<u2").tobytes()
    tag = answer.headers["ETag"]
    again = alice.get(told["held"][0]["href"], headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert alice.get(at(world, reading_id, "/held-1")).status_code == 404


def test_an_owner_sees_what_pictures_take_by_store_and_kind(sign_in, world, engine):
    owner = sign_in(world.olivia)
    assert "No pictures or files yet" in owner.get("/pictures/space").get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        for digest, media_type, size in (("ab" * 32, "image/jpeg", 1_500_000), ("cd" * 32, "text/csv", 2_000)):
            blobs.keep(session, digest, size, media_type, "nowhere", world.pier.sender.gateway_id)
        blobs.keep(session, "ef" * 32, 300_000, "image/webp", "nowhere")
        found = space.of_chain(session)
    assert [(row.sorts, row.count, row.bytes, row.lately) for row in found.stores] == [
        ({Sort.PHOTOGRAPH: 1_500_000, Sort.TABLE: 2_000}, 2, 1_502_000, 1_502_000)
    ]
    assert (found.derived.bytes, found.whole.bytes) == (300_000, 1_802_000)
    page = owner.get("/pictures/space").get_data(as_text=True)
    assert [word in page for word in ("1.8 MB", "300.0 kB", "1.5 MB", "Photographs")] == [True] * 4
    assert "300.0 kB" not in sign_in(world.charlie).get("/pictures/space").get_data(as_text=True)


def test_the_original_comes_whole_or_in_ranges_byte_for_byte(alice, world, engine, pictures):
    whole = alice.get(at(world, pictures[0], "/original"))
    assert whole.data[128:132] == b"DICM"
    with unit_of_work(engine, world.one) as session:
        blob = queries.one(session, world.grace, pictures[0]).said.blob
    assert (len(whole.data), whole.get_etag()[0]) == (blob.bytes, blob.sha256)
    assert "attachment" in whole.headers["Content-Disposition"]
    assert "Okafor" not in whole.headers["Content-Disposition"]
    some = alice.get(at(world, pictures[0], "/original"), headers={"Range": "bytes=100-199"})
    assert (some.status_code, some.data) == (206, whole.data[100:200])
    assert some.headers["Content-Range"] == f"bytes 100-199/{blob.bytes}"
    beyond = alice.get(at(world, pictures[0], "/original"), headers={"Range": f"bytes={blob.bytes}-"})
    assert beyond.status_code == 416


def test_the_header_of_the_file_is_read_on_request_and_noted(alice, world, engine, pictures):
    page = alice.get(at(world, pictures[0], "/headers")).get_data(as_text=True)
    assert "(0008,0060)" in page
    assert "Sample^Person" in page
    assert alice.get(at(world, pictures[1], "/headers")).status_code == 404
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Entry.subject_id).where(Entry.verb == "read_header")).all() == [str(pictures[0])]


def test_marks_are_kept_ended_and_never_changed(alice, world, engine, pictures):
    address = at(world, pictures[0], "/marks")
    first = alice.post(address, json={"add": [LINE]}).get_json()["marks"]
    assert [(one["shape"], one["points"], one["frame"]) for one in first] == [("caliper", LINE["points"], 2)]
    moved = {**LINE, "points": [[0.1, 0.2], [0.5, 0.5]]}
    second = alice.post(address, json={"add": [moved], "end": [first[0]["id"]]}).get_json()["marks"]
    assert [one["points"] for one in second] == [moved["points"]]
    with unit_of_work(engine, world.one) as session:
        kept = session.scalars(select(Mark).order_by(Mark.id)).all()
        assert [(one.ended_by, one.points) for one in kept] == [
            (world.alice.id, LINE["points"]),
            (None, moved["points"]),
        ]
    assert "taken away" in alice.get(at(world, pictures[0])).get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": "circle", "points": [[0, 0], [1, 1]]},
        {"shape": "caliper", "points": [[0, 0]]},
        {"shape": "caliper", "points": [[0, 0], [1, 1.01]]},
        {"shape": "caliper", "points": [[0, 0], [1, "nan"]]},
        {"shape": "text", "points": [[0, 0]]},
        {"shape": "arrow", "points": [[0, 0], [1, 1]], "frame": 4},
        {"shape": "arrow", "points": [[0, 0], [1, 1]], "frame": float("inf")},
        {"shape": "arrow", "points": [[0, 0], [1, 1]], "words": "x" * 201},
        "caliper",
    ],
)
def test_what_is_no_mark_is_refused_and_nothing_is_kept(alice, world, engine, pictures, wrong):
    assert alice.post(at(world, pictures[0], "/marks"), json={"add": [LINE, wrong]}).status_code == 422
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Mark)).all() == []


def test_an_owner_looks_and_marks_nothing(sign_in, world, engine, pictures):
    olivia = sign_in(world.olivia)
    page = olivia.get(at(world, pictures[0])).get_data(as_text=True)
    assert 'data-act="caliper"' not in page
    assert olivia.post(at(world, pictures[0], "/marks"), json={"add": [LINE]}).status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Mark)).all() == []


def test_a_picture_of_another_patient_is_not_found_under_this_one(alice, world, engine, pictures):
    for rest in ("", "/frame-0", "/original", "/state.json", "/headers"):
        assert alice.get(f"/patients/{world.per}/pictures/{pictures[0]}{rest}").status_code == 404


def test_before_it_is_filed_only_the_tray_shows_it(sign_in, world, engine):
    [nobodys] = bring(engine, world.pier, world.alice, None, [photograph()])
    derive(engine, world.one)
    alice, olivia, charlie = (sign_in(who) for who in (world.alice, world.olivia, world.charlie))
    assert alice.get(f"/readings/{nobodys}/thumbnail").mimetype == "image/webp"
    assert alice.get(f"/readings/{nobodys}/picture").headers["Location"] == f"/readings/{nobodys}"
    assert alice.get(at(world, nobodys)).status_code == 404
    assert olivia.get(f"/readings/{nobodys}/thumbnail").status_code == 200
    assert charlie.get(f"/readings/{nobodys}/thumbnail").status_code == 404


def test_a_reading_leads_to_its_picture_and_a_drawn_one_stands_in_until_there_is_one(alice, world, engine):
    [reading_id] = bring(engine, world.pier, world.alice, world.grace, [paper()])
    assert alice.get(f"/readings/{reading_id}/thumbnail").mimetype == "image/svg+xml"
    assert alice.get(f"/readings/{reading_id}/picture").headers["Location"] == at(world, reading_id)


def test_hostile_words_stay_words(alice, world, engine, pictures):
    words = "<script>alert(1)</script>\"'"
    mark = {"shape": "text", "points": [[0.5, 0.5]], "words": words}
    alice.post(at(world, pictures[0], "/marks"), json={"add": [mark]})
    page = alice.get(at(world, pictures[0])).get_data(as_text=True)
    assert "<script>alert" not in page
    assert json.loads(alice.get(at(world, pictures[0], "/state.json")).data)["marks"][0]["words"] == words


def test_a_picture_that_was_sent_long_after_it_was_taken_says_when_that_was(
    alice, world, engine, pictures, monkeypatch
):
    from cloud.readings.queries import Shown

    page = alice.get(at(world, pictures[0])).get_data(as_text=True)
    assert "by the instrument&#39;s clock" not in page
    then = datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
    monkeypatch.setattr(Shown, "measured", lambda _self, _zone: (then, True))
    for address in (at(world, pictures[0]), f"/patients/{world.grace}/pictures"):
        assert "taken 4 Mar 2019 by the instrument&#39;s clock" in alice.get(address).get_data(as_text=True)
