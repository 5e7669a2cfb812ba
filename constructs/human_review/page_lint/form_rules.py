"""The rules about a page's HTML: what a reviewer fills in, and whether it is sent."""

import difflib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .catalogue import ELEMENTS, FORM_ATTRIBUTES, GLOBAL_ATTRIBUTES, REGIONS
from .finding import Finding
from .liquid_mask import exclusive
from .markup import Attribute, Page, Tag, is_element_script

_NO_ANSWER = {"button", "image", "reset", "submit"}
_REPEATED = {"checkbox", "radio"}
_LABELS = ("categories", "labels")
_SCRIPT = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
_QUOTED = re.compile(r"'((?:\\.|[^'\\])*)'|\"((?:\\.|[^\"\\])*)\"")


def form_findings(page: Page, examples: Mapping[str, Any]) -> Iterator[Finding]:
    """What the page's elements tell."""
    fields = [tag for tag in page.tags if _is_field(tag)]
    yield from _whole_page(page, fields)
    yield from _unknown(page)
    yield from _names(page, fields)
    yield from _fixed_labels(page, examples)


def _is_field(tag: Tag) -> bool:
    if tag.name in ("input", "select", "textarea"):
        return tag.given("type").lower() not in _NO_ANSWER
    element = ELEMENTS.get(tag.name)
    if element is None:
        return _is_undocumented(tag) and "name" in tag.attributes
    return element.is_field


def _is_undocumented(tag: Tag) -> bool:
    """Say whether an element may be newer than the documentation."""
    return tag.name.startswith("crowd-") and tag.name not in ELEMENTS


def _answers(tag: Tag) -> bool:
    element = ELEMENTS.get(tag.name)
    return bool(tag.given("name") or tag.has_more or (element and element.answers_as))


def _is_sent(tag: Tag) -> bool:
    return tag.in_form or "form" in tag.attributes


def _whole_page(page: Page, fields: list[Tag]) -> Iterator[Finding]:
    has_form = any(tag.name in ("crowd-form", "crowd-entity-annotation") for tag in page.tags)
    is_sent = any(_answers(tag) and _is_sent(tag) for tag in fields)
    # A script may make the fields, or the form, and so may an element that is not documented.
    is_made = page.has_script or any(_is_undocumented(tag) for tag in page.tags)
    if not is_sent and not is_made and not (_crowd_fields(fields) and not has_form):
        yield _nothing_to_submit(page, fields)
    elif not has_form:
        message = "there is no crowd-form"
        way_out = "Put the whole form between <crowd-form> and </crowd-form>."
        yield Finding(1, 1, "no-form", message, way_out)
    if not any(tag.name == "script" and is_element_script(tag.given("src")) for tag in page.tags):
        message = "crowd-html-elements.js is not loaded"
        yield Finding(1, 1, "no-script", message, f"Begin the page with {_SCRIPT}.")


def _crowd_fields(fields: list[Tag]) -> list[Tag]:
    return [tag for tag in fields if tag.name.startswith("crowd-") and _answers(tag)]


def _nothing_to_submit(page: Page, fields: list[Tag]) -> Finding:
    form = page.first("crowd-form") or page.first("form")
    place = page.place(form.offset) if form else (1, 1)
    way_out = 'Put a field into the form, such as <crowd-input name="answer"></crowd-input>.'
    if not fields:
        message = "nothing to submit: there is no field that a reviewer fills in"
    elif not form:
        message = "nothing to submit: there is no crowd-form around the fields"
        way_out = "Put the fields between <crowd-form> and </crowd-form>."
    elif any(_answers(tag) for tag in fields):
        message = "nothing to submit: every field stands outside the form"
        way_out = "Move the fields between <crowd-form> and </crowd-form>."
    else:
        message = "nothing to submit: no field has a name"
        way_out = 'Give each field a name, as in name="answer".'
    return Finding(*place, "nothing-to-submit", message, way_out)


def _unknown(page: Page) -> Iterator[Finding]:
    for tag in page.tags:
        if tag.name in ELEMENTS or tag.name in REGIONS:
            yield from _unknown_attributes(page, tag)
            continue
        nearest = difflib.get_close_matches(tag.name, [*ELEMENTS, *REGIONS], n=1, cutoff=0.8)
        if tag.name.startswith("crowd-") or (nearest and "-" in tag.name and not page.has_script):
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            message = f"<{tag.name}> is not a documented element{hint}"
            way_out = "Use a documented element, or plain HTML."
            yield Finding(*page.place(tag.offset), "unknown-element", message, way_out)


def _unknown_attributes(page: Page, tag: Tag) -> Iterator[Finding]:
    element = ELEMENTS.get(tag.name)
    known = element.attributes if element else REGIONS[tag.name]
    if tag.name == "crowd-form":
        known = known | FORM_ATTRIBUTES
    spelled = {_spelled(name) for name in known}
    for attribute in tag.attributes.values():
        if _spelled(attribute.name) in spelled or _is_of_every_element(attribute.name):
            continue
        message = f"{attribute.name} is not a documented attribute of <{tag.name}>"
        nearest = difflib.get_close_matches(attribute.name, sorted(known), n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        way_out = f"Known: {', '.join(sorted(known)) or 'none of its own'}."
        place = page.place(attribute.offset)
        yield Finding(*place, "unknown-attribute", f"{message}{hint}", way_out)


def _spelled(attribute: str) -> str:
    """initial-value and initialValue are both documented spellings."""
    return attribute.replace("-", "")


def _is_of_every_element(name: str) -> bool:
    prefixes = ("aria-", "data-", "on")
    return name in GLOBAL_ATTRIBUTES or name.startswith(prefixes) or not name[0].isalpha()


def _names(page: Page, fields: list[Tag]) -> Iterator[Finding]:
    seen: dict[str, list[Tag]] = {}
    for tag in fields:
        name = tag.given("name")
        if not _answers(tag):
            is_read = tag.given("id") and page.has_script
            if not is_read and not _is_off(tag):
                yield _without_name(page, tag)
            continue
        if not _is_sent(tag) and not page.has_script and page.first("crowd-form"):
            message = f"<{tag.name}> stands outside the form, so its answer is not sent"
            way_out = "Move it between <crowd-form> and </crowd-form>."
            yield Finding(*page.place(tag.offset), "field-outside-form", message, way_out)
        if not name or _may_repeat(tag):
            continue
        if before := _repeated(tag, seen.setdefault(name, [])):
            yield _repeated_name(page, tag, before)
        seen[name].append(tag)


def _is_off(tag: Tag) -> bool:
    """Say whether a field only shows how one would look."""
    return "disabled" in tag.attributes and tag.attributes["disabled"].is_fixed


def _without_name(page: Page, tag: Tag) -> Finding:
    message = f"<{tag.name}> has no name, so its answer is left out"
    way_out = 'Give it a name, as in name="answer".'
    return Finding(*page.place(tag.offset), "field-without-name", message, way_out)


def _may_repeat(tag: Tag) -> bool:
    element = ELEMENTS.get(tag.name)
    if element:
        return element.repeats
    kind = tag.attributes.get("type")
    return kind is not None and (not kind.is_fixed or kind.value.lower() in _REPEATED)


def _repeated(tag: Tag, others: list[Tag]) -> Tag | None:
    """The field whose name this one has too: another, or itself in the next turn of a loop."""
    for other in others:
        if not exclusive(tag.blocks, other.blocks):
            return other
    is_fixed = tag.attributes["name"].is_fixed
    return tag if is_fixed and any(block.is_loop for block in tag.blocks) else None


def _repeated_name(page: Page, tag: Tag, before: Tag) -> Finding:
    name = tag.attributes["name"]
    if before is tag:
        message = f'name="{name.value}" stands in a loop, so each turn has the same'
        way_out = f'Number it, as in name="{name.value}-{{{{ forloop.index }}}}".'
    else:
        line, _ = page.place(before.attributes["name"].offset)
        message = f'name="{name.value}" is taken in line {line} already'
        way_out = "Give each field a name of its own; only radio buttons and boxes share one."
    return Finding(*page.place(name.offset), "repeated-name", message, way_out)


def _fixed_labels(page: Page, examples: Mapping[str, Any]) -> Iterator[Finding]:
    carried = _carried_labels(list(examples.values()))
    if not carried:
        return
    for tag in page.tags:
        if tag.name not in ELEMENTS:
            continue
        for attribute in filter(None, map(tag.attributes.get, _LABELS)):
            key = _key_for(attribute, carried)
            if key and attribute.is_fixed:
                message = f"{attribute.name} is written out, though every example has {key}"
                way_out = f'Write {attribute.name}="{{{{ task.input.{key} | to_json }}}}".'
                yield Finding(*page.place(attribute.offset), "fixed-labels", message, way_out)


def _key_for(attribute: Attribute, carried: Mapping[str, Collection[str]]) -> str | None:
    """The input that the written labels could have come from."""
    if "labels" in carried:
        return "labels"
    written = {single or double for single, double in _QUOTED.findall(attribute.value)}
    return next((key for key, labels in carried.items() if set(labels) == written), None)


def _carried_labels(inputs: list[Any]) -> dict[str, list[str]]:
    """The lists of strings that every example has, by their keys; the first one's stand for all."""
    objects = [each for each in inputs if isinstance(each, dict)]
    if not objects or len(objects) < len(inputs):
        return {}
    first = {key: _strings(value) for key, value in objects[0].items()}
    return {
        key: strings
        for key, strings in first.items()
        if strings and all(_strings(each.get(key)) for each in objects)
    }


def _strings(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return [json.dumps(value)] if isinstance(value, list) and value else []
