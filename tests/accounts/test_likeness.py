"""How like two institutions are, and which code a new one is offered."""

import string

from hypothesis import given
from hypothesis import strategies as st

from elearn.accounts.likeness import Known, in_domains, likeness, likest, suggested_code

NAMES = st.text(max_size=60)


@given(NAMES, NAMES)
def test_likeness_is_between_nothing_and_all_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, other) == likeness(other, one)


@given(st.text(alphabet=string.ascii_letters + " éüñ", min_size=1).filter(str.strip))
def test_a_name_is_like_itself_whatever_its_capitals_accents_and_order(name: str) -> None:
    assert likeness(name, name.upper()) == 100
    assert likeness(name, " ".join(reversed(name.split()))) == 100


def test_the_same_university_spelt_otherwise_is_likely_and_another_is_not() -> None:
    registry = [
        Known(1, "NG-1", "University of Lagos", "", "unilag.edu.ng"),
        Known(2, "NG-2", "Obafemi Awolowo University", "", ""),
        Known(3, "NG-3", "Ahmadu Bello University", "", ""),
        Known(4, "NG-4", "Bayero University Kano", "", ""),
        Known(5, "NG-5", "Covenant University", "", ""),
        Known(6, "NG-6", "Kaduna State University", "جامعة كادونا", ""),
    ]
    found = likest("Lagos University", (), registry)
    assert (found[0].known.id, found[0].is_likely) == (1, True)
    assert len(found) == 6, "the others follow, so that the eye has something to go by"
    assert not found[-1].is_likely
    assert likest("جامعة كادونا", (), registry)[0].known.id == 6
    by_domain = likest("Faculty of Law", {"law.unilag.edu.ng"}, registry)[0]
    assert (by_domain.known.id, by_domain.same_domain, by_domain.is_likely) == (1, True, True)


def test_a_domain_is_one_of_the_institution_s_or_stands_under_one() -> None:
    assert in_domains("law.unilag.edu.ng", "unilag.edu.ng other.org")
    assert not in_domains("notunilag.edu.ng", "unilag.edu.ng")
    assert not in_domains("edu.ng", "unilag.edu.ng")


@given(NAMES, st.sets(st.text(alphabet=string.ascii_uppercase + string.digits + "-", max_size=12), max_size=8))
def test_a_suggested_code_is_free_and_can_be_one(name: str, taken: set[str]) -> None:
    code = suggested_code(name, "NG", taken)
    assert code not in taken
    assert len(code) <= 40
    assert set(code) <= set(string.ascii_uppercase + string.digits + "-")
    assert suggested_code(name, "NG", {*taken, code}) not in {*taken, code}


def test_codes_are_made_of_the_country_and_the_name() -> None:
    assert suggested_code("University of the Lagoon", "NG", ()) == "NG-UL"
    assert suggested_code("Makerere", "UG", ()) == "UG-MAKERERE"
    assert suggested_code("Université de Genève", "CH", ()) == "CH-UG"
    assert suggested_code("大学", "CN", ()) == "CN-1"
    assert suggested_code("大学", "CN", {"CN-1"}) == "CN-2"
    assert suggested_code("University of the Lagoon", "NG", {"ng-ul", "NG-UL-2"}) == "NG-UL-3"
