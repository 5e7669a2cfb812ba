"""Each rule on pages that break it, at the exact place, and on pages that do not."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from human_review import templates
from human_review.page_lint import RULES, Severity, lint_page, read_examples

ROOT = Path(__file__).parents[2]
SCRIPT = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>\n'


# What else a short page that breaks one rule breaks.
INEVITABLE = {"field-without-name", "field-outside-form", "unknown-variable"}


def found(page: str, *inputs: Any) -> list[tuple[str, int, int]]:
    """The rules that a page breaks, and where."""
    examples = {f"examples/{index}.json": json.dumps(each) for index, each in enumerate(inputs)}
    return [(each.rule, each.line, each.column) for each in lint_page(page, examples)]


def form(content: str) -> str:
    """A page that is right but for ``content``, which begins in line 3, column 1."""
    return f'{SCRIPT}<crowd-form><input name="answer">\n{content}\n</crowd-form>'


def test_a_page_that_is_right_has_no_findings() -> None:
    assert found(form("{{ task.input.text }}"), {"text": "a"}) == []


@pytest.mark.parametrize(
    ("page", "rule", "line", "column"),
    [
        pytest.param("", "too-long", 1, 1, id="empty"),
        pytest.param("x" * 128_001, "too-long", 1, 1, id="128,001 characters"),
        pytest.param(form("a {% bogus %}"), "not-liquid", 3, 6, id="no such tag"),
        pytest.param(form("{% if %}{% endif %}"), "not-liquid", 3, 4, id="no condition"),
        pytest.param(form("{% include 'x' %}"), "not-liquid", 3, 4, id="include"),
        pytest.param(form("é\r\n{{ a | uper }}"), "unknown-filter", 4, 8, id="filter"),
        pytest.param(
            f"{SCRIPT}<p>a</p><crowd-form><p>b</p></crowd-form>",
            "nothing-to-submit",
            2,
            9,
            id="no field",
        ),
        pytest.param(
            f"{SCRIPT}\n  <crowd-form><crowd-input></crowd-form>",
            "nothing-to-submit",
            3,
            3,
            id="no name",
        ),
        pytest.param(
            f"{SCRIPT}<input name='a'><crowd-form></crowd-form>",
            "nothing-to-submit",
            2,
            17,
            id="outside",
        ),
        pytest.param(f"{SCRIPT}<p>a</p>", "nothing-to-submit", 1, 1, id="no form"),
        pytest.param(f"{SCRIPT}<input name=a>", "nothing-to-submit", 1, 1, id="no form around it"),
        pytest.param(
            f"{SCRIPT}<crowd-classifier name='a'></crowd-classifier>",
            "no-form",
            1,
            1,
            id="no crowd-form",
        ),
        pytest.param(
            "<crowd-form><input name='a'></crowd-form>", "no-script", 1, 1, id="no script"
        ),
        pytest.param(form("\n <crowd-inptu>"), "unknown-element", 4, 2, id="element"),
        pytest.param(form("<short-instruction>"), "unknown-element", 3, 1, id="region"),
        pytest.param(
            form('<crowd-input name="a"\n  lable="b">'), "unknown-attribute", 4, 3, id="attribute"
        ),
        pytest.param(form("<div><textarea></textarea>"), "field-without-name", 3, 6, id="unnamed"),
        pytest.param(
            f"{form('')}<select name='b'>", "field-outside-form", 4, 14, id="outside the form"
        ),
        pytest.param(form("<crowd-input name='answer'>"), "repeated-name", 3, 14, id="repeated"),
        pytest.param(
            form("{% for a in (1..2) %}<input name='a'>{% endfor %}"),
            "repeated-name",
            3,
            29,
            id="in a loop",
        ),
        pytest.param(
            form("{{ task.input.a | skip_autoescape }}"), "untrusted-html", 3, 19, id="unescaped"
        ),
        pytest.param(form("{{ tsk.input.a }}"), "unknown-variable", 3, 4, id="variable"),
    ],
)
def test_what_breaks_a_rule_is_found_where_it_is(
    page: str, rule: str, line: int, column: int
) -> None:
    assert (rule, line, column) in found(page)
    assert {each for each, _, _ in found(page)} <= {rule, *INEVITABLE}


@pytest.mark.parametrize(
    ("content", "inputs", "rules"),
    [
        ("{{ task.input.lables }}", [{"labels": 1}, {"labels": 2}], [("missing-input", 3, 4)]),
        ("{{ task.input.a }}", [{"a": 1}, {}], [("sometimes-missing", 3, 4)]),
        ("{{ task.input.a.b[0] }}", [{"a": {"b": []}}], [("missing-input", 3, 4)]),
        ("{{ task.input.a.b[0].c }}", [{"a": {"b": [{"c": 0}]}}], []),
        ("{{ task.input.a }}", [{"a": None}], []),
        ("{{ label }}", [{"label": 1}], [("missing-input", 3, 4)]),
        ("{% if task.input.a %}{{ task.input.a }}{% endif %}", [{}], []),
        ("{% unless task.input.a == 'b' %}c{% endunless %}", [{}], []),
        ("{% case task.input.a %}{% when 1 %}c{% endcase %}", [{}], []),
        ("{{ task.input.a | upcase | default: 'b' }}", [{}], []),
        ("{{ task.input.a | upcase }}", [{}], [("missing-input", 3, 4)]),
        ("{{ 'a' | append: task.input.b }}", [{}], [("missing-input", 3, 18)]),
        (
            "{% for a in task.input.as %}{{ a.b }}{% endfor %}",
            [{"as": [{"b": 1}, {}]}],
            [("sometimes-missing", 3, 32)],
        ),
        ("{% for a in task.input.as %}{{ a }}{% endfor %}", [{}], [("missing-input", 3, 13)]),
        ("{% for a in task.input.as %}{{ a }}{% else %}none{% endfor %}", [{}], []),
        ("{% for a in task.input.as %}{{ forloop.index }}{% endfor %}", [{"as": [1]}], []),
        ("{% assign a = task.input.b %}{{ a }}", [{"b": 1}], []),
        ("{% assign a = task.input.b %}{{ a }}", [{}], [("missing-input", 3, 15)]),
        ("{% assign a = task.input.b | split: ',' %}{% if a.size > 1 %}c{% endif %}", [{}], []),
        (
            "{% capture a %}{{ task.input.b }}{% endcapture %}{{ a }}",
            [{}],
            [("missing-input", 3, 19)],
        ),
        (
            "{% capture a %}{{ task.input.b }}{% endcapture %}{% if a != '' %}{{ a }}{% endif %}",
            [{}],
            [],
        ),
        ("{% if task.input.a != blank %}{{ task.input.a }}{% endif %}", [{}], []),
        (
            "{% unless task.input.a.size == 0 %}{% for b in task.input.a %}{{ b }}{% endfor %}"
            "{% endunless %}",
            [{}],
            [],
        ),
        ("{% if task.input.a != empty %}{{ task.input.a.b }}{% endif %}", [{}], []),
        (
            "{% if task.input.a != empty %}{{ task.input.a.c }}{% endif %}",
            [{"a": {"b": 1}}],
            [("missing-input", 3, 34)],
        ),
        ("<!-- {{ task.input.a }} -->", [{}], []),
        ("{% comment %}{{ task.input.a }}{% endcomment %}{% raw %}{{ b }}{% endraw %}", [{}], []),
        ("{{ task.input.a | grant_read_access }}", [{"a": "s3://b/c"}], []),
        ("{{ task.input.a | grant_read_access }}", [{"a": "b/c"}], [("not-rendered", 3, 19)]),
        ("{{ task.input.a | divided_by: 0 }}", [{"a": 1}], [("not-rendered", 3, 19)]),
    ],
)
def test_what_a_page_makes_of_its_examples(
    content: str, inputs: list[Any], rules: list[tuple[str, int, int]]
) -> None:
    assert found(form(content), *inputs) == rules


def test_what_fails_says_what_is_near_and_what_to_do() -> None:
    examples = {"examples/a.json": '{"labels": [], "text": ""}'}

    [finding] = lint_page(form("{{ task.input.lables }}"), examples)

    assert finding.severity is Severity.ERROR
    assert finding.told("page.liquid") == (
        "page.liquid:3:4: task.input.lables is in none of the examples; did you mean labels? "
        "[missing-input]. Correct the name or add it to an example; if it may be missing, guard it "
        "with {% if task.input.lables %} or | default:."
    )


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"a": 1,}', (1, 9), "not JSON"),
        ('{\n"a" 1}', (2, 5), "not JSON"),
        ("[1]", (1, 1), "not an object"),
    ],
)
def test_an_example_that_is_none_is_found_in_its_own_file(
    text: str, place: tuple[int, int], message: str
) -> None:
    [finding] = lint_page(form(""), {"examples/a.json": text})

    assert (finding.rule, finding.file) == ("bad-example", "examples/a.json")
    assert (finding.line, finding.column) == place
    assert message in finding.message


@pytest.mark.parametrize(
    "content",
    [
        '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2">',
        '<crowd-checkbox name="a" value="1"></crowd-checkbox><crowd-checkbox name="a" value="2">',
        '{% if task.input.a %}<input name="b">{% else %}<textarea name="b"></textarea>{% endif %}',
        '{% case 1 %}{% when 1 %}<input name="b">{% when 2 %}<input name="b">{% endcase %}',
        '{% for a in (1..2) %}<input name="b-{{ a }}">{% endfor %}',
        '<input type="{{ task.input.kind }}" name="a"><input type="{{ task.input.b }}" name="a">',
        '<crowd-button form-action="submit">Send</crowd-button><input type="submit">',
        '<crowd-input {% if task.input.a %}required{% endif %} {{ task.input.b }} name="b">',
        '<crowd-input name="b" data-x="1" aria-label="c" onclick="d()" class="e" :f="1">',
        '<crowd-textract-analyze-document initialValue="a" blockTypes="b" initial-value="c">',
        "<iron-icon icon='search'/><my-own-element></my-own-element>",
        "<crowd-radio-button disabled checked>As it should be</crowd-radio-button>",
        "<style>a > b { content: '<crowd-inptu>' }</style>",
        '<p title="<crowd-inptu>">{{ "skip" | skip_autoescape }}</p>',
        "{% capture a %}<b>{{ task.input.a }}</b>{% endcapture %}{{ a | skip_autoescape }}",
        "{{ task.input.a | escape | skip_autoescape }}",
        "{% if task.input.required %}{{ task.input.limit }}{% endif %}",
        "{% assign offset = 1 %}{% for a in task.input.for offset: offset %}{{ a }}{% endfor %}"
        "{% assign limit = offset %}{{ limit }}",
    ],
)
def test_what_only_looks_wrong_is_left_alone(content: str) -> None:
    assert found(form(content)) == []


@pytest.mark.parametrize("skip", ["", " | upcase", " | to_json"])
@pytest.mark.parametrize("source", ["task.input.a", "b", "c"])
def test_input_stays_untrusted_under_another_name(source: str, skip: str) -> None:
    content = (
        "{% assign b = task.input.a | append: '!' %}{% for c in b %}"
        f"{{{{ {source}{skip} | skip_autoescape }}}}{{% endfor %}}"
    )

    assert [rule for rule, _, _ in found(form(content))] == ["untrusted-html"]


@pytest.mark.parametrize(
    ("labels", "inputs", "rules"),
    [
        ("['a', 'b']", [{"labels": ["a", "b"]}], ["fixed-labels"]),
        ("['a', 'b']", [{"labels": ["c"]}, {"labels": ["a"]}], ["fixed-labels"]),
        ("['a', 'b']", [{"kinds": ["b", "a"]}], ["fixed-labels"]),
        ("['a', 'b']", [{"tags": ["c"]}], []),
        ("['a', 'b']", [{"labels": ["a"]}, {}], []),
        ("['a', 'b']", [{}], []),
        ("{{ task.input.labels | to_json }}", [{"labels": ["a"]}], []),
    ],
)
def test_labels_are_taken_from_the_input_that_has_them(
    labels: str, inputs: list[Any], rules: list[str]
) -> None:
    content = f'<crowd-classifier name="a" categories="{labels}"></crowd-classifier>'

    assert [rule for rule, _, _ in found(form(content), *inputs)] == rules


def test_a_script_of_the_pages_own_may_make_the_form() -> None:
    page = f"{SCRIPT}<crowd-form></crowd-form><script>make()</script>"

    assert found(page) == []


def test_an_element_that_is_not_documented_may_make_the_fields() -> None:
    page = f'{SCRIPT}<crowd-form id="f"></crowd-form><crowd-newer form="f"></crowd-newer>'

    assert found(page) == [("unknown-element", 2, 33)]


def test_every_rule_is_broken_by_a_test() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")

    assert [rule for rule in RULES if f'"{rule}"' not in tests] == []


def test_the_guide_lists_every_rule() -> None:
    guide = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    _, _, table = guide.partition("| rule | severity |")
    rules, _, _ = table.partition("\n## ")
    rows = [line for line in rules.splitlines() if line.startswith("| `")]

    assert rows == [
        f"| `{name}` | {rule.severity} | {rule.meaning} |" for name, rule in RULES.items()
    ]


LIBRARY = Path(templates.__file__).parent
PAGES = {
    path.parent.name: path
    for path in (*ROOT.glob("workflows/*/template.liquid"), *LIBRARY.glob("*/template.liquid"))
}


@pytest.mark.parametrize("name", PAGES)
def test_our_own_pages_break_no_rule(name: str) -> None:
    page = PAGES[name]
    examples = read_examples(page.parent / "examples")

    assert examples
    assert lint_page(page.read_text(encoding="utf-8"), examples) == ()


def test_a_long_page_is_looked_over_in_no_time() -> None:
    fields = "".join(
        f'<crowd-input name="a{n}" label="{{{{ task.input.a }}}}"></crowd-input>\n'
        for n in range(100)
    )
    page = form(fields)
    start = time.process_time()

    assert found(page, {"a": 1}, {"a": 2}) == []

    # 10 ms on an idle machine: a page in a workflow's folder has a tenth of these elements.
    assert time.process_time() - start < 0.3
