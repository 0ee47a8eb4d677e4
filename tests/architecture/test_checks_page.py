from deploy import checks


def test_the_page_of_checks_is_as_the_checks_are():
    assert checks.PAGE.read_text("utf-8") == checks.page(), "run: python -m deploy.checks"
