from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import DocumentVersion, Filters
from hrdesk.store.families import StoredVersion, allowed, title_key
from tests.store.samples import NOW

TODAY = date(2026, 6, 1)


def stored(
    number: int,
    family: str = "a",
    begins: date | None = None,
    ends: date | None = None,
    category: str | None = None,
    jurisdiction: str | None = None,
) -> StoredVersion:
    version = DocumentVersion(f"sha{number}", family, "a.pdf", NOW, 1, begins, ends)
    return StoredVersion(number, version, category, jurisdiction)


TRAVEL = [
    stored(1, begins=date(2025, 1, 1), ends=date(2026, 1, 1)),
    stored(2, begins=date(2026, 1, 1), ends=date(2027, 1, 1)),
    stored(3, begins=date(2027, 1, 1)),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Travel Policy 2025", "Travel policy 2026"),
        ("Travel policy", "TRAVEL POLICY (v2.1)"),
        ("Travel_policy_final", "travel-policy"),
        ("Travel Policy, effective 1 January 2026", "Travel policy"),
        ("Travel Policy - Version 3", "Travel Policy (2nd edition)"),
        ("2025 Employee Handbook", "Employee Handbook, revised March 2026"),
        ("Employee Handbook 2026-01-15", "Employee Handbook"),
    ],
)
def test_titles_of_versions_of_one_policy_have_one_key(one: str, other: str):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Final pay policy", "Pay policy"),
        ("Travel policy", "Travel expenses policy"),
        ("Policy 4.1", "Policy 4.2"),
        ("Handbook Germany 2026", "Handbook France 2026"),
    ],
)
def test_titles_of_different_policies_have_different_keys(one: str, other: str):
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize("title", ["2026", "v2", "Final", "", "(!)", "---"])
def test_a_title_that_says_nothing_else_stays_itself(title: str):
    assert title_key(title) == title_key(title.upper())
    assert bool(title_key(title)) is bool(title)


@given(st.text(max_size=40))
def test_the_key_of_any_title_is_short_and_in_one_case(title: str):
    key = title_key(title)
    assert key == " ".join(key.split())


def test_without_a_date_the_version_in_force_today_is_chosen():
    assert allowed(TRAVEL, Filters(), TODAY) == {2}


def test_on_a_day_in_the_past_or_future_the_version_of_that_day_is_chosen():
    assert allowed(TRAVEL, Filters(as_of=date(2025, 12, 31)), TODAY) == {1}
    assert allowed(TRAVEL, Filters(as_of=date(2026, 1, 1)), TODAY) == {2}
    assert allowed(TRAVEL, Filters(as_of=date(2030, 1, 1)), TODAY) == {3}


def test_on_a_day_before_all_versions_there_is_none():
    assert allowed(TRAVEL, Filters(as_of=date(2020, 1, 1)), TODAY) == set()


def test_if_no_version_is_in_force_yet_the_earliest_is_chosen():
    assert allowed(TRAVEL, Filters(), date(2020, 1, 1)) == {1}


def test_single_versions_are_limited_by_an_explicit_date_only():
    future = [stored(1, begins=date(2030, 1, 1)), stored(2, "b")]
    assert allowed(future, Filters(), TODAY) is None
    assert allowed(future, Filters(as_of=TODAY), TODAY) == {2}


def test_a_policy_that_ended_without_a_later_version_is_found_for_earlier_days_only():
    ended = [stored(1, begins=date(2020, 1, 1), ends=date(2022, 1, 1)), stored(2, "b")]
    assert allowed(ended, Filters(), TODAY) == {2}
    assert allowed(ended, Filters(as_of=date(2021, 1, 1)), TODAY) is None


def test_a_version_without_a_date_is_older_than_those_with_one():
    family = [stored(1, begins=date(2026, 1, 1)), stored(2, ends=date(2026, 1, 1))]
    assert allowed(family, Filters(), TODAY) == {1}
    assert allowed(family, Filters(as_of=date(2025, 1, 1)), TODAY) == {2}


def test_of_two_versions_without_dates_the_later_one_is_chosen():
    assert allowed([stored(1), stored(2)], Filters(), TODAY) == {2}


def test_the_category_must_be_the_same():
    policies = [stored(1, "a", category="leave"), stored(2, "b", category="conduct"), stored(3, "c")]
    assert allowed(policies, Filters(category="Leave"), TODAY) == {1}


def test_policies_without_a_jurisdiction_hold_everywhere():
    policies = [stored(1, "a", jurisdiction="Germany"), stored(2, "b", jurisdiction="France"), stored(3, "c")]
    assert allowed(policies, Filters(scope="germany"), TODAY) == {1, 3}
    assert allowed(policies, Filters(), TODAY) is None


def test_a_policy_may_hold_in_several_places_and_several_may_be_asked_for():
    policies = [
        stored(1, "a", jurisdiction="Germany, Austria"),
        stored(2, "b", jurisdiction="France and Spain"),
    ]
    assert allowed(policies, Filters(scope="AUSTRIA"), TODAY) == {1}
    assert allowed(policies, Filters(scope="Spain / Austria"), TODAY) is None
    assert allowed(policies, Filters(scope="Trinidad and Tobago"), TODAY) == set()
    assert allowed(policies, Filters(scope=" , "), TODAY) is None


def test_an_empty_library_needs_no_filter():
    assert allowed([], Filters(), TODAY) is None


_days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(
    st.lists(st.tuples(st.sampled_from("abc"), _days), max_size=8),
    _days,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_at_most_one_version_of_a_family_is_chosen(
    rows: list[tuple[str, date | None]], as_of: date | None, today: date
):
    versions = [stored(number, family, begins) for number, (family, begins) in enumerate(rows, 1)]
    chosen = allowed(versions, Filters(as_of=as_of), today)
    families = [family for number, (family, _) in enumerate(rows, 1) if chosen is None or number in chosen]
    assert len(families) == len(set(families))
    assert as_of is not None or set(families) == {family for family, _ in rows}
