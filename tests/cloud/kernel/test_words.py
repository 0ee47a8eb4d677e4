"""Money, ids, clock, settings: the small things everybody leans on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.kernel import ids
from cloud.kernel.clock import local, now
from cloud.kernel.money import CurrencyMismatch, Money
from cloud.kernel.settings import Misconfigured, Settings


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.345", "EUR", 1235),
        ("12.344", "EUR", 1234),
        ("-0.005", "EUR", -1),
        ("100", "JPY", 100),
        ("1.0005", "KWD", 1001),
    ],
)
def test_money_is_rounded_half_up_to_whole_minor_units(amount, currency, minor):
    assert Money.of(amount, currency) == Money(minor, currency)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_goes_to_major_units_and_back(minor, currency):
    assert Money.of(Money(minor, currency).amount, currency) == Money(minor, currency)


def test_money_adds_and_subtracts_in_one_currency_alone():
    assert Money(1999, "EUR") + Money(1, "EUR") == Money(2000, "EUR")
    assert Money(1, "EUR") - Money(2, "EUR") == Money(-1, "EUR")
    assert Money(1999, "EUR").amount == Decimal("19.99")
    for deed in (Money.__add__, Money.__sub__):
        with pytest.raises(CurrencyMismatch, match="EUR and JPY"):
            deed(Money(1, "EUR"), Money(1, "JPY"))


def test_ids_are_uuids_of_version_seven_and_sort_by_time(monkeypatch):
    made = []
    for millisecond in range(1, 200):
        monkeypatch.setattr(ids.time, "time_ns", lambda at=millisecond: (1_800_000_000_000 + at) * 1_000_000)
        made.append(ids.uuid7())

    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in made] == [1_800_000_000_000 + at for at in range(1, 200)]


def test_a_thousand_ids_of_one_millisecond_differ():
    assert len({ids.uuid7() for _ in range(1000)}) == 1000


def test_now_is_aware_and_a_stores_time_is_its_own():
    assert now().utcoffset() == timedelta(0)
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert (local(noon, "Asia/Shanghai").hour, local(noon, "Europe/Lisbon").hour) == (20, 13)
    assert local(noon, "Asia/Shanghai") == noon


NEEDED = {"DATABASE_URL": "postgresql:///x", "EMMETRA_SECRET_KEY": "secret"}


@pytest.fixture
def environment(monkeypatch):
    for name in ("EMMETRA_BROKER_URL", "EMMETRA_SECURE_COOKIES", "EMMETRA_DEMO"):
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("missing", NEEDED)
@pytest.mark.parametrize("empty", [True, False])
def test_a_setting_that_is_missing_is_named_with_an_example(environment, missing, empty):
    environment.setenv(missing, "") if empty else environment.delenv(missing)
    with pytest.raises(Misconfigured, match=rf"^{missing} is not set; set it to "):
        Settings.from_environment()


def test_what_is_not_said_has_an_honest_default(environment):
    settings = Settings.from_environment()
    assert (settings.broker_url, settings.secure_cookies, settings.demo) == ("mqtt://127.0.0.1:1883", True, None)


def test_settings_do_not_print_the_secret(environment):
    assert "'secret'" not in repr(Settings.from_environment())
