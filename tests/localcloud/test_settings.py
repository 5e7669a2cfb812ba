"""What the local cloud refuses to start with."""

from pathlib import Path

import pytest

from localcloud import Settings


@pytest.mark.parametrize("port", [0, 65_536, -1])
def test_a_port_is_between_1_and_65535(port: int) -> None:
    with pytest.raises(ValueError, match=rf"port must be between 1 and 65535, got {port}"):
        Settings(port=port)


@pytest.mark.parametrize("name", ["-a", "a_b", "a--", "x" * 64])
def test_an_endpoint_name_is_one_that_sagemaker_takes(name: str, inference_directory: Path) -> None:
    with pytest.raises(ValueError, match="must be letters, digits and single hyphens"):
        Settings(endpoints={name: inference_directory})


def test_an_endpoint_has_an_inference_script(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"endpoint words: there is no .*inference\.py"):
        Settings(endpoints={"words": tmp_path})


@pytest.mark.parametrize("delay", [0, -1, 3601])
def test_a_delay_is_positive_and_at_most_an_hour(delay: float) -> None:
    with pytest.raises(ValueError, match=rf"delay must be over 0 and at most 3600, got {delay}"):
        Settings(delay=delay)
