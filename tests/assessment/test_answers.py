"""What is new in what was sent: nothing is lost, nothing is saved twice."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.assessment.answers import Saved, Sent, new_answers, standing

responses = st.sampled_from([None, "a", "b", ["a", "b"]])
items = st.integers(1, 3)
numbered = st.lists(st.tuples(items, responses), max_size=12).map(
    lambda pairs: [Sent(item, response, number) for number, (item, response) in enumerate(pairs, start=1)]
)
plain = st.lists(st.builds(Sent, items, responses), max_size=12)


def saved_after(*batches: tuple[list[Sent], str]) -> list[Saved]:
    saved: list[Saved] = []
    for sent, sender in batches:
        saved += new_answers(saved, sent, sender)
    return saved


def responses_of(saved: list[Saved]) -> dict[int, object]:
    return {item: answer.response for item, answer in standing(saved).items() if answer.response is not None}


def last_of(sent: list[Sent]) -> dict[int, object]:
    return {item: response for item, response in {each.item_revision_id: each.response for each in sent}.items() if response is not None}


@given(numbered | plain)
def test_what_was_sent_last_stands(sent: list[Sent]) -> None:
    assert responses_of(saved_after((sent, ""))) == last_of(sent)


@given(numbered, st.text(max_size=3))
def test_what_is_sent_again_is_not_saved_again(sent: list[Sent], sender: str) -> None:
    saved = saved_after((sent, sender))
    assert new_answers(saved, sent, sender) == []


@given(plain)
def test_what_stands_already_is_not_saved_again(sent: list[Sent]) -> None:
    saved = saved_after((sent, ""))
    stands = [Sent(answer.item_revision_id, answer.response) for answer in standing(saved).values()]
    assert new_answers(saved, stands) == []


@given(numbered, st.data())
def test_a_line_that_loses_repeats_and_delays_messages_changes_nothing_in_the_end(sent: list[Sent], data: st.DataObject) -> None:
    """A sender repeats what is not acknowledged before it goes on: then copies may come late, and acknowledgements not at all."""
    saved: list[Saved] = []
    copies: list[list[Sent]] = []
    acknowledged = 0
    for end in range(1, len(sent) + 1):
        copies.append(sent[acknowledged:end])
        arrives, is_told = data.draw(st.booleans()), data.draw(st.booleans())
        if arrives:
            saved += new_answers(saved, copies[-1], "tab")
        if arrives and is_told:
            acknowledged = end
        for late in data.draw(st.lists(st.sampled_from(copies), max_size=2)):
            saved += new_answers(saved, late, "tab")
    saved += new_answers(saved, sent[acknowledged:], "tab")
    for late in data.draw(st.permutations(copies)):
        assert new_answers(saved, late, "tab") == []
    assert responses_of(saved) == last_of(sent)


@given(numbered, numbered)
def test_the_sender_who_arrives_last_is_heard_whatever_its_numbers(first: list[Sent], second: list[Sent]) -> None:
    saved = saved_after((first, "one tab"), (second, "another"))
    touched = {each.item_revision_id for each in second}
    expected = {item: response for item, response in last_of(first).items() if item not in touched} | last_of(second)
    assert responses_of(saved) == expected


@given(numbered, numbered, plain)
def test_answers_are_only_ever_added_and_numbered_on(first: list[Sent], second: list[Sent], third: list[Sent]) -> None:
    saved = saved_after((first, "x"), (second, ""), (third, ""))
    assert [answer.sequence for answer in saved] == list(range(1, len(saved) + 1))


@given(plain, plain, items, responses)
def test_a_form_changes_only_what_was_changed_in_it(before: list[Sent], elsewhere: list[Sent], touched: int, response: object) -> None:
    shown = saved_after((before, ""))
    page = standing(shown)
    form = [
        Sent(item, page[item].response if item in page else None, seen=page[item].sequence if item in page else 0) for item in (1, 2, 3)
    ]
    form[touched - 1] = Sent(touched, response, seen=form[touched - 1].seen)
    meanwhile = shown + new_answers(shown, elsewhere)
    after = meanwhile + new_answers(meanwhile, form)
    was = page[touched].response if touched in page else None
    expected = responses_of(meanwhile)
    if response != was:
        expected = {item: kept for item, kept in expected.items() if item != touched} | ({touched: response} if response else {})
    assert responses_of(after) == expected


def test_a_number_used_for_two_answers_means_two_nameless_tabs_and_the_later_one_is_heard() -> None:
    saved = saved_after(([Sent(1, "a", 1)], ""), ([Sent(1, "b", 1)], ""))
    assert responses_of(saved) == {1: "b"}


def test_an_answer_taken_back_stands_as_no_answer() -> None:
    saved = saved_after(([Sent(1, "a", 1), Sent(1, None, 2)], "x"))
    assert standing(saved)[1].response is None
