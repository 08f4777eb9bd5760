"""A quiz with every type of item, made to be awkward."""

from decimal import Decimal

COMMON = {"outcome": "explain-basics", "bloom": "apply"}
TYPES = {
    "single-choice", "multiple-response", "true-false", "short-text", "numeric", "matching", "ordering", "cloze", "essay", "reflection",
}  # fmt: skip
ITEMS = [
    {
        "id": "one", "type": "single-choice", "prompt": "Which *one* -> is {it} = ~ # :?\n\nSecond paragraph.", "points": Decimal("2.5"),
        "tries": 2, "tags": ["x", "y z", "a]b"], "hints": ["First hint", "Second\nhint"], "feedback": "In general.\n\n- a\n- b",
        "choices": [
            {"id": "a", "text": "A {x} = ~ # : \\ y", "correct": True, "feedback": "yes <b>"},
            {"id": "b", "text": "%50% off", "weight": 50},
            {"id": "c", "text": "[html] \\n"},
            {"id": "d", "text": "نعم، هذا صحيح 😀", "feedback": "לא"},
        ],
    },
    {
        "id": "per-option", "type": "multiple-response", "scoring": "per-option", "prompt": "Which?",
        "choices": [
            {"id": "a", "text": "A", "correct": True}, {"id": "b", "text": "B", "correct": True}, {"id": "c", "text": "C", "correct": True},
            {"id": "d", "text": "D", "feedback": "no"},
        ],
    },
    {
        "id": "weighed", "type": "multiple-response", "scoring": "right-minus-wrong", "prompt": "Which?",
        "choices": [
            {"id": "a", "text": "A", "weight": 70}, {"id": "b", "text": "B", "weight": 30, "correct": True},
            {"id": "c", "text": "C", "weight": -50}, {"id": "d", "text": "D", "weight": 0},
        ],
    },
    {
        "id": "minus", "type": "multiple-response", "scoring": "right-minus-wrong", "prompt": "Which?", "points": 6,
        "choices": [{"id": name, "text": name.upper(), "correct": name in "abc"} for name in "abcdefg"],
    },
    {
        "id": "exactly", "type": "multiple-response", "scoring": "exact", "prompt": "Which?", "points": 3,
        "choices": [{"id": "a", "text": "A", "correct": True, "feedback": "fa"}, {"id": "b", "text": "B"}, {"id": "c", "text": "C", "feedback": "f"}],
    },
    {
        "id": "tf", "type": "true-false", "prompt": "It is so.",
        "choices": [{"id": "true", "correct": True, "feedback": "r"}, {"id": "false", "feedback": "w"}],
    },
    {"id": "tf-bare", "type": "true-false", "prompt": "It is so.", "choices": [{"id": "true"}, {"id": "false", "correct": True}]},
    {
        "id": "short", "type": "short-text", "prompt": "Type it.", "accept": ["2**32", "-> x", "%5%", "a=b", "C:\\d"],
        "normalise": ["accents", "space"], "anticipated": [{"text": "no*", "feedback": "nono"}], "feedback": "g",
    },
    {"id": "case", "type": "short-text", "prompt": "Type it.", "accept": ["Paris"], "normalise": ["space"]},
    {"id": "strict", "type": "short-text", "prompt": "Type it.", "accept": ["Paris"], "normalise": []},
    {
        "id": "number", "type": "numeric", "prompt": "How far?", "value": Decimal("1.50"), "tolerance": Decimal("0.1"), "unit": "km",
        "anticipated": [{"value": -3, "tolerance": 1, "feedback": "negative"}, {"value": Decimal("0.00001"), "feedback": "tiny"}],
    },
    {"id": "between", "type": "numeric", "prompt": "How far?", "range": [Decimal("-1.5"), 4]},
    {"id": "plain", "type": "numeric", "prompt": "How far?", "value": 12000000, "tolerance": 0},
    {
        "id": "pairs", "type": "matching", "scoring": "exact", "prompt": "Match.",
        "prompts": [
            {"id": "p1", "text": "one", "match": "c2", "feedback": "f"}, {"id": "p2", "text": "two", "match": "c1"},
            {"id": "p3", "text": "three", "match": "c1"},
        ],
        "choices": [{"id": "c1", "text": "Uno"}, {"id": "c2", "text": "Duo"}, {"id": "c3", "text": "Spare"}, {"id": "c4", "text": "Other"}],
    },
    {
        "id": "order", "type": "ordering", "prompt": "Order.",
        "choices": [{"id": "first", "text": "A1"}, {"id": "second", "text": "B -> 1", "feedback": "f"}, {"id": "third", "text": "C1"}],
    },
    {
        "id": "order-exact", "type": "ordering", "scoring": "exact", "prompt": "Order.",
        "choices": [{"id": "one", "text": "One"}, {"id": "two", "text": "Two"}, {"id": "three", "text": "Three"}],
    },
    {
        "id": "gaps", "type": "cloze", "prompt": "Fill.", "text": "An *introduction*.\n\nThe {{city}} is {{size}} and {{x}}{{y}}.", "points": 4,
        "gaps": [
            {"id": "city", "kind": "text", "accept": ["Paris", "a}b#c~d"], "weight": 2, "normalise": ["space"], "feedback": "f"},
            {"id": "size", "kind": "choice", "choices": [{"id": "big", "text": "Big", "correct": True}, {"id": "small", "text": "Small"}]},
            {"id": "x", "kind": "numeric", "value": 5, "tolerance": Decimal("0.5"), "unit": "m"},
            {"id": "y", "kind": "numeric", "range": [1, 2]},
        ],
    },
    {
        "id": "essay", "type": "essay", "prompt": "Discuss.", "points": 4, "min_words": 10, "max_words": 300,
        "rubric": [
            {"id": "facts", "text": "Facts", "levels": [{"id": "no", "text": "No", "points": 0}, {"id": "yes", "text": "Yes", "points": 4}]},
        ],
        "model_answer": "A model\n\nwith *marks*",
    },
    {"id": "reflection", "type": "reflection", "prompt": "And you?", "points": 0, "model_answer": "Everybody differs."},
]  # fmt: skip
for item in ITEMS:
    item |= COMMON
