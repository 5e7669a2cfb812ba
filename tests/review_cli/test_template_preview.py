"""``human-review template preview`` in a real browser."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from review_cli.main import app
from review_cli.template import picture
from review_cli.template.preview_server import served
from review_cli.template.source import find_page

TEMPLATE = """\
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <h1>{{ task.input.heading }}</h1>
  <img alt="It" src="{{ task.input.image | grant_read_access }}">
  <input name="answer" value="{{ task.input.guess }}">
</crowd-form>
"""
EXAMPLES = {
    "first": {"heading": "It's one", "guess": "a", "image": "s3://pictures/2026/dot.svg"},
    "second": {"heading": "It's two", "guess": "b", "image": "s3://pictures/nowhere.jpg"},
}
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workflow's folder with two examples and one of their images."""
    (tmp_path / "template.liquid").write_text(TEMPLATE)
    for name in ("examples", "demo/pictures"):
        (tmp_path / name).mkdir(parents=True)
    for name, example in EXAMPLES.items():
        (tmp_path / "examples" / f"{name}.json").write_text(json.dumps(example))
    (tmp_path / "demo" / "pictures" / "dot.svg").write_text(DOT)
    return tmp_path


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def test_a_page_is_shown_with_each_example_and_follows_what_is_saved(
    folder: Path, window: Page
) -> None:
    with served(find_page(str(folder)), "examples/first.json") as url:
        window.goto(url)
        task = window.frame_locator("#task")
        expect(task.get_by_role("heading", name="It's one")).to_be_visible()
        assert (
            task.get_by_alt_text("It").evaluate(
                "image => image.decode().then(() => image.naturalWidth)"
            )
            == 7
        )
        expect(window.locator("#findings")).to_have_text("Nothing found.")

        task.get_by_role("textbox").fill("changed")
        task.get_by_role("button", name="Submit").click()
        expect(window.locator("#answer")).to_have_text('{\n  "answer": "changed"\n}')

        window.get_by_role("button", name="second").click()
        expect(task.get_by_role("heading", name="It's two")).to_be_visible()
        expect(window.locator("#answer")).to_be_hidden()
        assert (
            task.get_by_alt_text("It").evaluate(
                "image => image.decode().then(() => image.naturalWidth)"
            )
            == 960
        )

        template = folder / "template.liquid"
        template.write_text(TEMPLATE.replace("task.input.guess", "task.input.gues"))
        expect(window.locator("#findings")).to_contain_text(
            "template.liquid:5:34: error: task.input.gues"
        )
        expect(window.locator("#findings")).to_contain_text("did you mean guess?")
        expect(task.get_by_role("heading", name="It's two")).to_be_visible()
        expect(task.get_by_role("textbox")).to_have_value("")

        template.write_text("{% bogus %}")
        expect(task.get_by_text("The page cannot be shown.")).to_be_visible()
        window.goto("about:blank")


def test_a_picture_is_as_wide_as_is_asked_for(
    folder: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def shared() -> Iterator[Browser]:
        yield chromium

    monkeypatch.setattr(picture, "chromium", shared)
    file = folder / "page.png"

    result = CliRunner().invoke(
        app,
        [
            "template",
            "preview",
            str(folder),
            "--example",
            "second",
            "--png",
            str(file),
            "--width",
            "480",
        ],
    )

    assert (result.exit_code, result.output) == (0, f"Wrote {file}.\n")
    header = file.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert int.from_bytes(header[16:20], "big") == 480


@pytest.mark.parametrize(
    ("name", "exit_code", "said"),
    [
        ("picture", 0, "Wrote "),
        ("missing/page.png", 2, "page.png cannot be written: No such file or directory."),
    ],
)
def test_a_picture_is_a_png_whatever_its_name_or_cannot_be_written(
    folder: Path,
    chromium: Browser,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    exit_code: int,
    said: str,
) -> None:
    @contextmanager
    def shared() -> Iterator[Browser]:
        yield chromium

    monkeypatch.setattr(picture, "chromium", shared)

    arguments = ["template", "preview", str(folder), "--png", str(folder / name)]
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == exit_code
    assert said in result.output
    if exit_code == 0:
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_nothing_on_a_picture_is_behind_the_submit_button(
    folder: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def shared() -> Iterator[Browser]:
        yield chromium

    monkeypatch.setattr(picture, "chromium", shared)
    page = folder / "long.liquid"
    page.write_text(
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>'
        '<div style="height: 1500px; background: #f00"></div><input name="a"></crowd-form>'
    )

    picture.write(find_page(str(page)), None, folder / "long.png", 480)

    with Image.open(folder / "long.png") as shot:
        middle = [shot.convert("RGB").getpixel((240, y)) for y in range(100, 1500, 10)]
    assert set(middle) == {(255, 0, 0)}


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        (["--example", "third"], ["has no example third", "Name one of: first, second."]),
        (["--input", "missing.json"], ["missing.json cannot be read"]),
        (["--port", "-1"], ["Invalid value for '--port'"]),
        (["--width", "0"], ["Invalid value for '--width'"]),
    ],
)
def test_what_cannot_be_shown_is_exit_status_2(
    folder: Path, arguments: list[str], sentences: list[str]
) -> None:
    result = CliRunner().invoke(app, ["template", "preview", str(folder), *arguments])

    assert result.exit_code == 2
    for sentence in sentences:
        assert sentence in result.output


@pytest.mark.parametrize("missing", ["starlette", "watchfiles"])
def test_without_the_portal_one_sentence_says_what_to_install(
    folder: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import review_cli.template

    for module in ("preview_app", "preview_server", "picture", "example_object"):
        monkeypatch.delitem(sys.modules, f"review_cli.template.{module}", raising=False)
        monkeypatch.delattr(review_cli.template, module, raising=False)
    for name in [each for each in sys.modules if each.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)

    result = CliRunner().invoke(app, ["template", "preview", str(folder), "--no-open"])

    assert result.exit_code == 2
    assert "which is" not in result.output
    assert "is not installed" in result.output
    assert "make install" in result.output
