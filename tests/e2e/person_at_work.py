"""What a person does in the worker portal, in a browser."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Page

RESPONSES = [f"It is {number}." for number in range(12)]


@dataclass(frozen=True)
class PersonAtWork:
    """Somebody who has signed in to the worker portal."""

    page: Page
    portal_url: str

    def answer(self, title: str, act: Callable[[FrameLocator], None]) -> None:
        """Start the job of that title, do what there is to do on the page, and submit."""
        self.page.goto(self.portal_url)
        self.page.get_by_role("button", name=f"Start: {title}").click()
        task = self.page.frame_locator("iframe")
        act(task)
        task.get_by_role("button", name="Submit").click()
        self.page.wait_for_url(f"{self.portal_url}/")


def ranks_the_last_first(task: FrameLocator) -> None:
    """Find each answer better than the one before."""
    for number in range(len(RESPONSES)):
        rank = str(len(RESPONSES) - number)
        task.get_by_label(f"Answer {number + 1}", exact=True).fill(rank)


def finds_swimwear(task: FrameLocator) -> None:
    """Look at the image, and choose a label."""
    image = task.get_by_role("img", name="Image to judge")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    task.get_by_role("checkbox", name="Swimwear").click()


def reads_the_phone_number(task: FrameLocator) -> None:
    """Write what stands in the form."""
    task.get_by_role("textbox", name="Value of Phone number:").fill("+31 30 555 0147")


def sends_it_to_technical(task: FrameLocator) -> None:
    """Choose another team than the model."""
    task.get_by_label("Team").select_option("technical")


def says_billing(task: FrameLocator) -> None:
    """Choose one of the labels."""
    task.get_by_role("radio", name="billing").click()
