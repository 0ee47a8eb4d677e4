import re

import pytest

from deploy import cli, rooms


@pytest.mark.parametrize("room", sorted(rooms.cards()))
def test_every_room_says_in_one_sentence_what_it_is(room):
    assert len(rooms.cards()[room]) > 15


def test_the_page_of_rooms_is_up_to_date():
    assert rooms.PAGE.read_text() == rooms.page(), "run: python -m deploy.rooms"


def test_the_readme_names_the_two_commands():
    readme = (rooms.ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *sorted(str(p) for p in rooms.ROOT.glob("docs/*.md"))]
)
def test_links_between_pages_lead_somewhere(page):
    path = rooms.ROOT / page
    targets = re.findall(r"\]\((?!http)([^)#]+)", path.read_text())
    assert [t for t in targets if not (path.parent / t).exists()] == []


def test_every_command_on_the_list_can_be_reached(capsys):
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word, (_, what, _) in cli.ROOMS.items() if what)


def test_a_word_nobody_knows_is_answered_with_the_list(capsys):
    assert cli.main(["horoscope"]) == 2
    assert "there is no command 'horoscope'" in capsys.readouterr().err
