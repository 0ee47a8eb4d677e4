from deploy import calculators


def test_the_page_of_calculators_is_up_to_date():
    assert calculators.PAGE.read_text("utf-8") == calculators.page(), "run: python -m deploy.calculators"
