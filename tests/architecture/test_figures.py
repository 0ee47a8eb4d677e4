from deploy import figures


def test_the_page_of_figures_is_up_to_date():
    assert figures.PAGE.read_text("utf-8") == figures.page(), "run: python -m deploy.figures"
