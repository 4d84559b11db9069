"""Requests to addresses that people typed: nothing private is asked, and nothing goes on for ever."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings

from parcours.core import outbound
from parcours.core.errors import BadInput
from parcours.core.outbound import Unreachable, ask, check_address, is_allowed

Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk) -> Iterator[int]:
    """A machine on this one that hears one request and then talks; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            line, _from = listener.accept()
        except OSError:  # nobody came
            return
        with line:
            line.recv(65536)
            talk(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def says(text: bytes) -> Talk:
    return lambda line: line.sendall(text)


@pytest.fixture
def allowed(settings: LazySettings) -> None:
    settings.PRIVATE_ADDRESSES = ["127.0.0.0/8"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_private_addresses_are_refused_in_every_guise(address: str) -> None:
    assert not is_allowed("shop.example.org", ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_allowed("shop.example.org", ipaddress.ip_address(address))


def test_a_name_that_leads_home_is_refused_before_anything_is_sent() -> None:
    with server(says(b"")) as port:
        with pytest.raises(BadInput, match="private network"):
            ask(f"http://localhost:{port}/")
        socket.create_connection(("127.0.0.1", port)).close()


def test_a_name_with_one_private_address_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(BadInput, match="private network"):
        check_address("http://shop.example.org/")


def test_settings_allow_a_host_or_a_network(settings: LazySettings) -> None:
    address = ipaddress.ip_address("10.1.2.3")
    settings.PRIVATE_ADDRESSES = ["10.1.0.0/16"]
    assert is_allowed("shop.internal", address)
    settings.PRIVATE_ADDRESSES = ["Shop.Internal"]
    assert is_allowed("shop.internal", address)
    assert not is_allowed("other.internal", address)


def test_the_name_is_resolved_once(allowed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def counting(host: str, *args: object, **more: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if host == "shop.example.org" else host, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", counting)
    with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi")) as port:
        answer = ask(f"http://shop.example.org:{port}/x?y=1")
    assert (answer.status, answer.body, answer.headers["x-a"]) == (200, b"hi", "b")
    assert asked.count("shop.example.org") == 1


def test_redirects_are_not_followed(allowed: None) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with server(says(moved)) as port:
        assert ask(f"http://127.0.0.1:{port}/").status == 302


def test_an_answer_without_end_is_cut(allowed: None) -> None:
    with (
        server(says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000)) as port,
        pytest.raises(Unreachable, match="larger"),
    ):
        ask(f"http://127.0.0.1:{port}/", most_bytes=4000)


def test_whoever_talks_without_coming_to_an_end_is_cut_off(allowed: None) -> None:
    def drip(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        line.recv(1)  # until the line is cut

    with server(drip) as port, pytest.raises(Unreachable, match="too long"):
        ask(f"http://127.0.0.1:{port}/", most_seconds=0.2)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example.org/",
        "shop.example.org",
        "http://",
        "http://shop:99999/",
        "http://a b/",
        "http://x/\r\nHost: y",
        "",
    ],
)
def test_what_is_no_address_says_so(url: str) -> None:
    with pytest.raises(BadInput, match="not an address"):
        check_address(url)


def test_addresses_carry_no_passwords() -> None:
    with pytest.raises(BadInput) as told:
        check_address("https://me:secret@shop.example.org/")
    assert "secret" not in str(told.value)


def test_limits_are_finite() -> None:
    assert outbound.MOST_SECONDS <= 60
    assert outbound.MOST_BYTES <= 64 * 1024 * 1024


def test_what_somebody_says_who_does_not_speak_http_can_be_kept(settings: LazySettings) -> None:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    with (
        server(lambda line: line.sendall(b"\x00\x01\xff" + b"SSH-2.0" * 1_000 + b"\r\n\r\n")) as port,
        pytest.raises(Unreachable) as refused,
    ):
        ask(f"http://127.0.0.1:{port}/")
    assert refused.value.what.isprintable()
    assert len(refused.value.what) < 200
