"""JSON is read strictly and written in one way."""

import json

import pytest

from review_shared.strict_json import JsonError, canonical, line, parse


def test_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": [True, None], "b": 1})
    assert canonical({"b": 1, "a": 2}) == '{"a":2,"b":1}'


def test_text_is_written_as_characters() -> None:
    assert canonical("žluťoučký 🐎") == '"žluťoučký 🐎"'


def test_a_line_keeps_the_order_of_keys_and_ends_once() -> None:
    text = line({"b": "two\nlines", "a": "\u2028"})

    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1
    assert list(json.loads(text)) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NaN", "NaN"),
        ('{"x": -Infinity}', "-Infinity"),
        ("{", "not valid JSON"),
        ("", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        ("[" * 100_000, "nested too deep"),
        ("1" * 5000, "not valid JSON"),
    ],
    ids=["nan", "infinity", "cut", "empty", "no utf-8", "deep", "long integer"],
)
def test_what_is_no_json_is_refused(text: str | bytes, reason: str) -> None:
    with pytest.raises(JsonError, match=reason):
        parse(text)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "NaN or Infinity"),
        ([json.loads("1e999")], "NaN or Infinity"),
        ({"x": "\ud800"}, "surrogate"),
        ({"\udfff": 1}, "surrogate"),
    ],
    ids=["nan", "overflowing number", "half a pair", "half a pair in a key"],
)
def test_what_json_cannot_carry_is_not_written(value: object, reason: str) -> None:
    with pytest.raises(JsonError, match=reason):
        canonical(value)
