"""Ports that are free, and ports that are not."""

import socket

import pytest

from localcloud.ports import HOST, listen


def test_a_taken_port_gives_the_next_free_one() -> None:
    with listen(20_000) as first, listen(first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


def test_a_port_is_taken_from_the_moment_it_is_found() -> None:
    with listen(20_000) as found, socket.create_connection(found.getsockname(), timeout=5) as seen:
        assert seen.getpeername() == (HOST, found.getsockname()[1])


def test_no_free_port_is_an_error_that_says_which_were_tried() -> None:
    with listen(65_535), pytest.raises(OSError, match="no free port from 65535"):
        listen(65_535)
