"""What the status of a workflow's stack means."""

from review_cli.clients import Clients
from review_cli.deployment import Deployment
from review_cli.doctor import stack
from review_cli.doctor.check import Status
from tests.review_cli.fake_account import STACK, FakeAccount


def test_after_a_refused_destroy_the_advice_is_no_deployment(
    account: FakeAccount, clients: Clients
) -> None:
    account.stack = {"StackStatus": "DELETE_FAILED"}
    [workflow] = Deployment.find(clients.ssm).workflows

    [check] = stack.stack(clients.cloudformation, STACK, workflow)

    assert check.status is Status.PROBLEM
    assert "it can only be destroyed now, not deployed" in check.sentence
    assert check.next_step.startswith("Destroy it when no review is open")
    assert "--type String --name /human-review/sentiment/on-destroy --value stop" in check.next_step
