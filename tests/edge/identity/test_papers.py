"""Links that a power cut leaves old or new, never between."""

import contextlib
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from edge.identity.enrolling import enrol
from edge.identity.papers import Papers
from edge.identity.renewing import renew
from tests.edge.identity.test_enrolling import PowerCut, cut_at


@pytest.fixture
def enrolled(cloud, data, wish):
    """A gateway with papers in force; gives its papers and a way back to this moment."""
    enrol(wish(), print)
    kept = data.with_name("kept")
    shutil.copytree(data, kept, symlinks=True)

    def again():
        shutil.rmtree(data)
        shutil.copytree(kept, data, symlinks=True)
        return Papers(data)

    return again


def cuts(deed, prepare):
    """Do a deed with the power cut at its first, second … step; gives what was prepared, until it comes through."""
    for step in range(1, 100):
        prepared = prepare()
        with pytest.MonkeyPatch.context() as patch:
            left = cut_at(patch, step)
            with contextlib.suppress(PowerCut):
                deed(prepared)
        if left[0] > 0:
            return
        yield prepared


def test_a_power_cut_at_any_step_of_a_renewal_is_mended_by_the_next(cloud, data, enrolled):
    count = 0
    for papers in cuts(lambda _: renew(data, now=True), enrolled):
        old = papers.current()
        count += 1
        cloud.issued.clear()
        asked = papers.trial()
        found = asked or renew(data, now=True)
        assert papers.current() == old
        assert papers.trial() == found
        assert len(cloud.issued) <= 1
        papers.accept(papers.trial())
        assert (papers.current(), papers.before()) == (found, old)
    assert count > 15


@pytest.mark.parametrize("deed", ["accept", "reject", "go_back", "install"])
def test_a_power_cut_at_any_step_of_a_turn_leaves_papers_in_force(data, enrolled, deed):
    def prepare():
        papers = enrolled()
        new = renew(data, now=True)
        if deed == "go_back":
            papers.accept(new)
        return papers

    def do(papers):
        about = () if deed == "go_back" else (papers.trial(),)
        getattr(papers, deed)(*about)

    count = 0
    for papers in cuts(do, prepare):
        count += 1
        current = papers.current()
        assert current is not None and current.certificate.is_file() and current.key.is_file()
        do(papers) if papers.trial() or deed == "go_back" else None
        assert papers.current() is not None
        assert papers.trial() is None
    assert count >= 1


def test_damaged_papers_give_way_to_the_ones_before(data, enrolled):
    papers = enrolled()
    old = papers.current()
    renew(data, now=True)
    papers.accept(papers.trial())
    (papers.current().folder / "identity.json").write_text("{")

    assert papers.current() == old


def test_papers_that_expired_are_no_way_back(data, enrolled, monkeypatch):
    papers = enrolled()
    old = papers.current()
    renew(data, now=True)
    papers.accept(papers.trial())
    assert papers.before() == old
    monkeypatch.setattr(time, "time", lambda: old.expires + 1)

    assert papers.before() is None


def test_a_folder_that_was_never_enrolled_has_none(tmp_path):
    papers = Papers(tmp_path / "nothing")

    assert (papers.current(), papers.trial(), papers.before()) == (None, None, None)


def test_a_set_being_made_is_not_forgotten_while_another_is_put_in_force(data, enrolled):
    gateway, person = enrolled(), Papers(data)
    new = renew(data, now=True)
    with person.alone():
        made = data / "identities" / "0123456789abcdef"
        made.mkdir()
        gateway.accept(new)

        assert made.is_dir()
    assert gateway.current() == new
    gateway.accept(new)
    assert not made.exists()


def test_two_renewals_at_once_follow_one_another(data, enrolled):
    enrolled()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: renew(data, now=True), range(4)))

    papers = Papers(data)
    assert len({one.folder for one in found}) == 4
    assert papers.trial() in found
    assert all(one.certificate.is_file() for one in found)


@pytest.mark.parametrize("deed", ["accept", "reject"])
def test_newer_papers_on_trial_are_not_taken_for_those_that_were_tried(data, enrolled, deed):
    papers = enrolled()
    old, tried, newer = papers.current(), renew(data, now=True), renew(data, now=True)
    getattr(papers, deed)(tried)

    assert papers.current() == (tried if deed == "accept" else old)
    assert papers.trial() == newer
