"""The registries of MiniStack that the local cloud relies on."""

import importlib
import importlib.metadata

import pytest

from localcloud.mount import MINISTACK, REACHES, RegistryMoved, check_registries


def test_the_installed_ministack_is_the_one_written_for() -> None:
    assert importlib.metadata.version("ministack") == MINISTACK


def test_everything_relied_on_is_there() -> None:
    check_registries()


@pytest.mark.parametrize("place", REACHES)
def test_what_an_upgrade_moves_is_named(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, name = place.partition(":")
    monkeypatch.delattr(importlib.import_module(module), name)

    with pytest.raises(
        RegistryMoved, match=rf"has no {place}: .* written for MiniStack {MINISTACK}"
    ):
        check_registries()


def test_a_module_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("localcloud.mount.REACHES", ("ministack.core.gone:NAME",))

    with pytest.raises(RegistryMoved, match=r"ministack\.core\.gone:NAME"):
        check_registries()
