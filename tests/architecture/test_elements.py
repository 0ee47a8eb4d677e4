from deploy import elements


def test_the_page_of_elements_is_up_to_date():
    assert elements.PAGE.read_text("utf-8") == elements.page(), "run: python -m deploy.elements"


def test_the_page_tells_limits_and_what_must_be_said():
    page = elements.page()

    assert "| `sphere` | Sphere | 球镜 | power D | RL | -45 to 45 (-20 to 20) |  |" in page
    assert "**`reason`**" in page
    assert "**recall**" in page
