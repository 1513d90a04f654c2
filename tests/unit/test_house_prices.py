"""Prices and amounts of the house: decimals, one rule of rounding, and the narrowest rate of a night."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.desks.hotel.house import money
from bot.desks.hotel.house.book.lists import Closed, Lists, Rate
from bot.desks.hotel.house.port import Party, RoomType, Stay, Wish
from bot.desks.hotel.services.near import others
from bot.script.catalogue import cells
from core.errors import Unreachable
from core.settings import Settings

NEW_YEAR = Stay(date(2027, 12, 30), date(2028, 1, 2))


def rate(**told: Any) -> Rate:
    known = {
        "type": "double", "from": "2027-01-01", "to": "2028-12-31", "price": "100.00", "tax_percent": 21.0, "included": 2,
        "extra_adult": "30.00", "extra_child": "15.00", "least_nights": 1, "days": [1, 2, 3, 4, 5, 6, 7],
    }  # fmt: skip
    return Rate.of({**known, **told})


def lists(*rates: Rate, closed: tuple[Closed, ...] = ()) -> Lists:
    kinds = (RoomType("double", "Doble", 3, 2),)
    return Lists(kinds, (("101", "double"), ("102", "double")), rates, closed, "ARS", 12)


@pytest.mark.parametrize(
    ("told", "currency", "amount"),
    [("12.345678", "ARS", "12.35"), ("0.005", "USD", "0.01"), (1250, "USD", "1250.00"), ("1250.5", "CLP", "1251")],
)
def test_six_decimals_are_rounded_by_one_rule(told: object, currency: str, amount: str) -> None:
    assert str(money.read(told, currency)) == amount


@pytest.mark.parametrize("told", ["", "free", "-1", "NaN", "Infinity", None, "1e40", [1]])
def test_a_price_that_is_none_is_not_guessed(told: object) -> None:
    with pytest.raises(Unreachable):
        money.read(told, "ARS")


def test_parts_make_the_whole() -> None:
    assert money.split(Decimal("100.00"), 3, "ARS") == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


@pytest.mark.parametrize("cell", ["12.345678", "1,000.50", "-1", "free", "1e3", ""])
def test_an_amount_in_a_list_has_two_decimals_at_most(cell: str) -> None:
    with pytest.raises(ValueError, match="must be an amount"):
        cells.amount(cell)


def test_amounts_days_and_whole_numbers_are_read_as_they_are_meant() -> None:
    assert [cells.amount(cell) for cell in ("125000", "125000,5", "0.05")] == ["125000.00", "125000.50", "0.05"]
    assert cells.day("2028-02-29") == "2028-02-29" and cells.whole(1, 20)("7") == 7
    for check, cell in ((cells.day, "2027-02-29"), (cells.day, "1/2/2027"), (cells.whole(1, 20), "21")):
        with pytest.raises(ValueError, match="must be"):
            check(cell)


def test_the_narrowest_rate_of_a_night_is_its_price_also_over_new_year() -> None:
    feast = rate(**{"from": "2027-12-31", "to": "2028-01-01", "price": "250.00"})
    nights = lists(rate(), feast).nights("double", NEW_YEAR, (Party(2),))
    assert not isinstance(nights, str)
    assert [(str(night.price), str(night.tax)) for night in nights] == [
        ("100.00", "21.00"), ("250.00", "52.50"), ("250.00", "52.50"),
    ]  # fmt: skip


def test_a_night_without_a_rate_and_a_stay_that_is_too_short_have_no_price() -> None:
    ends = rate(to="2027-12-31")
    assert lists(ends).nights("double", NEW_YEAR, (Party(),)) == "no_price"
    assert lists(rate(least_nights=4)).nights("double", NEW_YEAR, (Party(),)) == "too_short"


def test_more_people_cost_more_and_each_room_has_its_own_party() -> None:
    nights = lists(rate()).nights("double", NEW_YEAR, (Party(2, (4,)), Party(1)))
    assert not isinstance(nights, str) and nights[0].price == Decimal("215.00")


def test_a_child_fits_and_one_of_seventeen_counts_as_an_adult() -> None:
    house = lists(rate())
    [double] = house.types
    assert house.fits(double, (Party(2, (12,)),))
    assert not house.fits(double, (Party(2, (17,)),))
    assert not house.fits(double, (Party(2, (1, 2)),)) and not house.fits(double, (Party(0, (9,)),))


def test_a_closed_room_is_not_free_and_a_closed_house_has_none() -> None:
    first = Closed("101", date(2028, 1, 1), date(2028, 1, 5))
    assert list(lists(rate(), closed=(first,)).units("double", NEW_YEAR)) == ["102"]
    whole = Closed("", date(2027, 12, 31), date(2027, 12, 31))
    assert lists(rate(), closed=(whole,)).is_closed(NEW_YEAR)


def test_the_nearest_wishes_are_another_kind_then_other_days() -> None:
    wish = Wish(NEW_YEAR, (Party(),), "double")
    near = [(other.room, other.stay.arrives.day, other.stay.nights) for other in others(wish, date(2027, 12, 30))]
    assert near == [("", 30, 3), ("double", 31, 3), ("double", 30, 2), ("", 31, 3), ("", 30, 2)], "none in the past"


def test_the_key_of_a_house_is_found_by_its_business() -> None:
    settings = Settings.model_validate({"service_keys": "mirador=abc other=d=e"})
    assert [settings.service_key(name) for name in ("mirador", "other", "third")] == ["abc", "d=e", ""]
