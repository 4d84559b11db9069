"""The port to serve on."""

import os
import socket

import pytest

from parcours.cli.ports import address_of, answer_to, bind
from parcours.core.errors import InUse, ParcoursError


def test_a_port_in_use_is_told_with_another_one_to_try() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InUse, match=str(port)) as caught:
            bind("127.0.0.1", port)
    assert str(port + 1) in caught.value.remedy


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(ParcoursError, match="can't be served"):
        bind("192.0.2.1", 0)


def test_the_socket_waits_for_visitors_as_soon_as_it_is_there() -> None:
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname(), timeout=5):
        pass


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("shop.example", "http://shop.example:8000"),
    ],
)
def test_the_address_shown_is_one_to_open_here(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


def test_pages_answer_to_the_host_they_are_served_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOURS_URL", "https://map.example.org")
    monkeypatch.setenv("PARCOURS_HOSTS", "")
    assert answer_to("192.0.2.7") == "localhost"
    assert os.environ["PARCOURS_HOSTS"] == "localhost,127.0.0.1,[::1],192.0.2.7,map.example.org"


def test_names_that_were_chosen_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOURS_HOSTS", "map.example.org, other.example.org")
    assert answer_to("192.0.2.7") == "map.example.org"
    assert os.environ["PARCOURS_HOSTS"] == "map.example.org, other.example.org"
