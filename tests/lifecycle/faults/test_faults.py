"""Throttling, 500, 503, a reset connection, a lost answer, a slow one: at every call of everything.

Each change is made once without a fault, and what it calls is recorded; then once more for each
fault at the first and the last call of each operation, for one attempt and for good. It has to be
done, or to fail so that nothing is lost and nothing is left that nobody owns.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future

import pytest

from tests.lifecycle.faults.components import SIDE_BY_SIDE
from tests.lifecycle.faults.matrix import Matrix

# The first waits for the deployment and for most of the matrix.
pytestmark = pytest.mark.timeout(1200)
_COMPONENTS = [component.__name__ for line in SIDE_BY_SIDE for component in line]
# A little less than there are: where something is waited for, not every call is made every time.
_LEAST = {
    "flow_definition": 110,
    "review_guard": 90,
    "workforce_guard": 24,
    "portal_sign_in": 48,
    "workteam_access": 24,
    "triage": 80,
    "built_in_triage": 40,
    "collect": 32,
    "reconcile": 72,
}


@pytest.mark.parametrize("component", _COMPONENTS)
def test_no_fault_loses_or_leaves_anything(
    component: str,
    tried: Mapping[str, "Future[Matrix]"],
    record_property: Callable[[str, object], None],
) -> None:
    matrix = tried[component].result()
    record_property("summary", str(matrix))

    assert matrix.cases >= _LEAST[component]
    assert matrix.findings == []


def test_nothing_is_lost_or_left_in_all(
    tried: Mapping[str, "Future[Matrix]"], record_property: Callable[[str, object], None]
) -> None:
    matrices = [tried[component].result() for component in _COMPONENTS]
    cases = sum(matrix.cases for matrix in matrices)
    spared = sum(matrix.spared for matrix in matrices)
    findings = sum(len(matrix.findings) for matrix in matrices)
    summary = f"all faults: {cases} cases, {findings} lost or left over, {spared} not tried"
    record_property("summary", summary)

    assert cases > 500
    assert findings == 0
