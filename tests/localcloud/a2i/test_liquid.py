"""Task templates render as Amazon A2I documents it."""

import json
from pathlib import Path

import pytest

from localcloud.a2i.liquid import RenderError, check, render


def rendered(template: str, task_input: object = None) -> str:
    return render(template, task_input, lambda uri: f"https://signed/{uri}?a=1&b=2")


@pytest.mark.parametrize(
    ("template", "task_input", "page"),
    [
        pytest.param(
            """{{ "Have you read 'James & the Giant Peach'?" }}""",
            None,
            "Have you read &#39;James &amp; the Giant Peach&#39;?",
            id="the developer guide's example",
        ),
        pytest.param(
            """{{ "Have you read 'James & the Giant Peach'?" | skip_autoescape }}""",
            None,
            "Have you read 'James & the Giant Peach'?",
            id="skip_autoescape",
        ),
        pytest.param(
            "{{ task.input.text }}",
            {"text": '<script>alert("it\'s")</script>'},
            "&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;",
            id="markup in the input",
        ),
        pytest.param("{{ '<' | escape }}", None, "&lt;", id="escape is not escaped again"),
        pytest.param("{{ '&lt; & <' | escape_once }}", None, "&lt; &amp; &lt;", id="escape_once"),
        pytest.param("{% echo '<' %}", None, "&lt;", id="echo"),
        pytest.param("{% cycle '<', 'b' %}", None, "&lt;", id="cycle"),
        pytest.param(
            "{{ task.input | newline_to_br }}", "a<\nb", "a&lt;<br />\nb", id="newline_to_br"
        ),
        pytest.param(
            "{{ task.input | append: '>' }}", "<", "&lt;&gt;", id="a filter's result is escaped"
        ),
        pytest.param(
            "{% assign x = task.input %}{{ x | upcase }}", "<b>", "&lt;B&gt;", id="assign"
        ),
        pytest.param(
            "{% capture x %}<b>{{ task.input }}</b>{% endcapture %}{{ x }}",
            "<i>",
            "<b>&lt;i&gt;</b>",
            id="capture escapes once",
        ),
        pytest.param(
            "{% capture x %}<b>{% endcapture %}{{ x | append: task.input }}",
            "<i>",
            "<b>&lt;i&gt;",
            id="what is appended to a capture is escaped",
        ),
    ],
)
def test_every_output_is_escaped(template: str, task_input: object, page: str) -> None:
    assert rendered(template, task_input) == page


@pytest.mark.parametrize(
    ("value", "page"),
    [
        ("text", "text"),
        (1, "1"),
        (0.93, "0.93"),
        (True, "true"),
        (None, ""),
        ([1, "a"], "[1, &quot;a&quot;]"),
        ({"a": {"b": "é"}}, "{&quot;a&quot;: {&quot;b&quot;: &quot;é&quot;}}"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_any_json_value_can_be_shown(value: object, page: str) -> None:
    assert rendered("{{ task.input.taskObject }}", {"taskObject": value}) == page


@pytest.mark.parametrize(
    "template",
    ["{{ nothing }}", "{{ task.input.nothing.at.all }}", "{% for x in nothing %}x{% endfor %}"],
)
def test_what_is_not_defined_is_empty(template: str) -> None:
    assert rendered(template, {}) == ""


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("{% for x in task.input.list %}{{ forloop.index }}{{ x }} {% endfor %}", "1a 2b "),
        ("{% if task.input.list.size == 2 %}two{% else %}not{% endif %}", "two"),
        ("{% unless task.input.nothing %}none{% endunless %}", "none"),
        ("{% case task.input.n %}{% when 3 %}three{% else %}other{% endcase %}", "three"),
        ("{{ task.input.nothing | default: 'x' }}", "x"),
        ("{% if task.input.required %}{{ task.input.limit }}{% endif %}", "1"),
        ("{% assign limit = 2 %}{% for x in (1..3) limit: limit %}{{ x }}{% endfor %}", "12"),
        ("{% comment %}{{ task.input }}{% endcomment %}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ],
)
def test_control_flow(template: str, page: str) -> None:
    task_input = {"list": ["a", "b"], "n": 3, "required": True, "limit": 1}

    assert rendered(template, task_input) == page


def test_json_is_escaped_for_an_attribute() -> None:
    page = rendered("<x y='{{ task.input | to_json }}'>", ["it's", 'a"b'])

    assert page == "<x y='[&quot;it&#39;s&quot;, &quot;a\\&quot;b&quot;]'>"


def test_json_that_is_escaped_by_name_too_is_escaped_once() -> None:
    assert rendered("{{ task.input | to_json | escape }}", ["a"]) == "[&quot;a&quot;]"


def test_json_cannot_end_the_script_it_stands_in() -> None:
    hostile = {"text": "</script><script>alert(1)</script>"}

    page = rendered("<script>x = {{ task.input | to_json | skip_autoescape }}</script>", hostile)

    assert page.count("</script>") == 1
    assert json.loads(page.removeprefix("<script>x = ").removesuffix("</script>")) == hostile


def test_json_of_what_is_not_defined_is_null() -> None:
    assert rendered("{{ nothing | to_json }}") == "null"


@pytest.mark.parametrize(
    "template",
    [
        "{{ task.input.uri | grant_read_access }}",
        "{% capture uri %}s3://{{ task.input.bucket }}/{{ task.input.key }}{% endcapture %}"
        "{{ uri | grant_read_access }}",
        "{% capture uri %}http://s3.amazonaws.com/{{ task.input.bucket }}/{{ task.input.key }}"
        "{% endcapture %}{{ uri | grant_read_access }}",
        "{% capture uri %} https://{{ task.input.bucket }}.s3.eu-west-1.amazonaws.com/"
        "{{ task.input.key }} {% endcapture %}{{ uri | grant_read_access }}",
    ],
    ids=["s3 URI", "captured", "path style", "virtual-hosted style"],
)
def test_read_access_is_granted_to_the_key_as_it_is(template: str) -> None:
    key = "a&b's (1).jpg"

    page = rendered(template, {"uri": f"s3://docs/{key}", "bucket": "docs", "key": key})

    assert page == "https://signed/s3://docs/a&amp;b&#39;s (1).jpg?a=1&amp;b=2"


@pytest.mark.parametrize(
    "uri",
    [
        " ",
        "",
        "s3://",
        "s3://bucket",
        "s3://{bucket}/a.jpg",
        "s3://[/a.jpg",
        "docs/a.jpg",
        "https://a.b/c",
        "https://s3.amazonaws.com/bucket",
        "https://[/c",
    ],
)
def test_read_access_needs_an_s3_uri(uri: str) -> None:
    with pytest.raises(RenderError) as raised:
        rendered("{{ task.input | grant_read_access }}", uri)

    assert raised.value.code == "InvalidParameters"
    assert raised.value.message == f'"grant_read_access" input is not a valid S3 URI: "{uri}".'


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% if %}", "missing expression"),
        ("text\n{% bogus %}", r"'bogus' \(line 2, column 4\)"),
        ("{{ a ", "expected '}}'"),
        ("{% for x in y %}", "endfor"),
        ("{% include 'other' %}", "include"),
    ],
)
def test_what_is_not_liquid_is_refused(template: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        check(template)
    with pytest.raises(RenderError, match=message):
        rendered(template)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ 1 | no_such_filter }}", "unknown filter 'no_such_filter'"),
        ("{{ 4 | divided_by: 0 }}", "divide by 0"),
        ("{{ 99999999999999 | date: '%Y' }}", "out of range"),
    ],
)
def test_what_cannot_be_rendered_says_why(template: str, message: str) -> None:
    check("{{ 4 | divided_by: 2 }}")

    with pytest.raises(RenderError, match=message):
        rendered(template)


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% tablerow i in (1..1000000000) %}x{% endtablerow %}",
        "{% assign x = 'xxxxxxxx' %}" + "{% assign x = x | append: x %}" * 60,
        "{% for i in (1..99999) %}" + "x" * 1000 + "{% endfor %}",
    ],
    ids=["long loop", "nested loops", "long table", "doubling text", "long output"],
)
def test_a_runaway_template_is_stopped(template: str) -> None:
    with pytest.raises(RenderError, match="limit reached"):
        rendered(template)


def test_a_template_sees_nothing_of_python() -> None:
    assert rendered("{{ task.input.__class__ }}{{ task.input.keys }}{{ task.render }}", {}) == ""


def test_the_local_cloud_and_the_page_lint_tell_names_from_keywords_alike() -> None:
    """Neither imports the other; if they differed, a page could pass the lint and not render."""
    root = Path(__file__).parents[3]
    rendering = (root / "localcloud/a2i/liquid_tokens.py").read_text(encoding="utf-8")
    linting = (root / "constructs/human_review/page_lint/tokens.py").read_text(encoding="utf-8")

    assert rendering == linting
