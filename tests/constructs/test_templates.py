"""The library's task pages: each is right by every rule, and has examples that show it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from human_review import templates
from human_review.page_lint import lint_page, read_examples

LIBRARY = Path(templates.__file__).parent
ROOT = Path(__file__).parents[2]
PAGES = {
    "bounding-boxes",
    "document-forms",
    "extraction-correction",
    "image-classification",
    "image-multi-label",
    "instance-segmentation",
    "keypoints",
    "moderation",
    "named-entities",
    "pairwise-preference",
    "polygons",
    "ranking",
    "rating",
    "search-relevance",
    "semantic-segmentation",
    "side-by-side",
    "span-correction",
    "tabular-review",
    "text-classification",
    "text-multi-label",
    "transcription",
    "translation-review",
}


def test_the_library_has_its_pages() -> None:
    assert templates.names() == sorted(PAGES)


def test_a_page_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean keypoints"):
        templates.read("keypoint")


@pytest.mark.parametrize("name", templates.names())
def test_a_page_has_no_findings(name: str) -> None:
    examples = read_examples(LIBRARY / name / "examples")

    assert len(examples) >= 2
    assert lint_page(templates.read(name), examples) == ()


@pytest.mark.parametrize("name", templates.names())
def test_a_page_says_what_it_reads_and_answers(name: str) -> None:
    page = templates.read(name)

    comment = re.match(r"{% comment %}(.*?){% endcomment %}", page, re.DOTALL)
    assert comment
    assert "Answer" in comment[1]
    assert "I can't decide" in page
    assert re.search(r'<crowd-text-area\s[^>]*name="comment"', page)


@pytest.mark.parametrize("name", templates.names())
def test_the_images_of_an_example_stand_beside_it(name: str) -> None:
    folder = LIBRARY / name / "examples"
    texts = [json.dumps(json.loads(text)) for text in read_examples(folder).values()]
    keys = {key for text in texts for key in re.findall(r'"s3://[^/"]+/([^"]+)"', text)}

    assert [key for key in keys if not (folder / Path(key).name).is_file()] == []


@pytest.mark.parametrize("name", templates.names())
def test_the_guide_lists_a_page(name: str) -> None:
    guide = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")

    assert f"| `{name}` |" in guide


def test_the_wheel_contains_the_pages_and_their_examples(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        packed = {name for name in archive.namelist() if name.startswith("human_review/templates/")}

    files = [path for path in LIBRARY.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert packed == {f"human_review/templates/{path.relative_to(LIBRARY)}" for path in files}
