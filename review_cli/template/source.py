"""The task page that a command is about: a workflow's folder, a file, or a page of the library."""

from dataclasses import dataclass
from pathlib import Path

from human_review import templates
from human_review.document import read_yaml
from human_review.page_lint import Finding, lint_page, read_examples
from review_cli.connection import CannotLookError

_PAGE = "template.liquid"


@dataclass(frozen=True)
class PageSource:
    """A task page, read anew each time, since it is being written.

    :param name: what to call it.
    :param file: where its text is.
    :param folder: holds ``examples/`` and perhaps ``demo/``.
    :param input_file: the one input to use. Default: the examples.
    """

    name: str
    file: Path
    folder: Path
    input_file: Path | None = None

    def text(self) -> str:
        """The page's text.

        :raises CannotLookError: the file is not there, or is not text.
        """
        try:
            return self.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CannotLookError(
                f"{self.file} cannot be read: {error}.", "Name a page that is a text file."
            ) from error

    def examples(self) -> dict[str, str]:
        """The page's inputs as JSON, by name."""
        if self.input_file is None:
            return read_examples(self.folder / "examples")
        try:
            return {self.input_file.name: self.input_file.read_text(encoding="utf-8")}
        except (OSError, UnicodeDecodeError) as error:
            raise CannotLookError(
                f"{self.input_file} cannot be read: {error}.", "Name a file of JSON with --input."
            ) from error

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the page."""
        return lint_page(self.text(), self.examples())


def find_page(path: str, input_file: Path | None = None) -> PageSource:
    """The page that ``path`` names.

    :raises CannotLookError: there is none.
    """
    given = Path(path)
    if given.is_dir():
        file = _page_of(given)
        return PageSource(str(file), file, given, input_file)
    if given.is_file():
        return PageSource(str(given), given, given.parent, input_file)
    if path in templates.names():
        folder = Path(templates.__file__).parent / path
        return PageSource(path, folder / _PAGE, folder, input_file)
    library = ", ".join(templates.names())
    raise CannotLookError(
        f"{path} is neither a workflow's folder, nor a file, nor a page of the library.",
        f"Pages of the library: {library}." if library else "Name a folder or a file.",
    )


def _page_of(folder: Path) -> Path:
    """The page of a workflow's folder."""
    workflow = folder / "workflow.yaml"
    document = {}
    if workflow.is_file():
        try:
            document = read_yaml(workflow)
        except ValueError as error:
            raise CannotLookError(f"{error}.", "Correct the file.") from error
    written = document if isinstance(document, dict) else {}
    if written.get("page") in templates.names():
        return Path(templates.__file__).parent / str(written["page"]) / _PAGE
    file = folder / str(written.get("template", _PAGE))
    if not file.is_file():
        raise CannotLookError(f"{folder} holds no {file.name}.", "Name a file that is a page.")
    return file
