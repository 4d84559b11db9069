"""Requests to addresses that people type in: the name is resolved once, private networks are refused, size
and time have an end, redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput, ParcoursError

MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 20.0

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The other side didn't answer as it should; trying again later may help."""

    status = 502


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most_bytes: int = MOST_BYTES,
    most_seconds: float = MOST_SECONDS,
    may_be_cut: bool = False,
) -> Answer:
    """One request. Raises BadInput for an address that may not be asked, Unreachable without an answer, or
    for one longer than `most_bytes`, unless its beginning is enough (`may_be_cut`).
    """
    parts = _parts(url)
    address = _one_allowed(parts.hostname or "", _port(parts))
    connection = _connection(parts, address, most_seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with connection.ended_after(most_seconds):
            connection.request(
                method, target, body=body, headers={"Accept-Encoding": "identity", **(headers or {})}
            )
            answer = connection.getresponse()
            content = answer.read(most_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(
            _("{host} did not answer: {reason}.").format(host=parts.hostname, reason=_reason(error)),
            where=_shown(parts),
            remedy=_("Check the address, and that it can be reached from this machine."),
        ) from error
    finally:
        connection.close()
    if len(content) > most_bytes and not may_be_cut:
        raise Unreachable(_("The answer is larger than what is read."), where=_shown(parts))
    names = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, names, content[:most_bytes])


def connect(host: str, port: int, *, seconds: float) -> socket.socket:
    """A line to a host that a page or person named: resolved once, checked, and connected to just that.

    Raises BadInput for a private address, Unreachable for a name that can't be found, OSError when nobody
    answers there.
    """
    return socket.create_connection((str(_one_allowed(host, port)), port), timeout=seconds)


def check_address(url: str) -> None:
    """Raises BadInput for an address that `ask` would refuse, Unreachable for a name that can't be found."""
    parts = _parts(url)
    _one_allowed(parts.hostname or "", _port(parts))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_fine = urlsplit(""), False
    # Control characters and spaces would end the request line early.
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine or not plain:
        raise BadInput(
            _("This is not an address on the web."),
            where=url[:200],
            remedy=_("Write it in full, for instance https://shop.example.org"),
        )
    if parts.username or parts.password:
        raise BadInput(_("An address must not carry a name or password."), where=_shown(parts))
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _one_allowed(host: str, port: int) -> Address:
    """The address to connect to. A name with one private address is refused as a whole: which one is used is
    not left to chance.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            _("There is no machine called “{host}”.").format(host=host),
            remedy=_("Check the address for a slip of the pen."),
        ) from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    refused = [address for address in addresses if not is_allowed(host, address)]
    if refused or not addresses:
        raise BadInput(
            _("“{host}” lies in a private network, and this installation may not ask there.").format(
                host=host
            ),
            remedy=_("Whoever runs Parcours can allow it: PARCOURS_PRIVATE_ADDRESSES={host}").format(
                host=host
            ),
        )
    return addresses[0]


def is_allowed(host: str, address: Address) -> bool:
    """Public addresses are; others only when the settings name their host or network."""
    allowed: Iterable[str] = settings.PRIVATE_ADDRESSES
    return all(_is_public(each) or _is_named(host, each, allowed) for each in _really(address))


def _really(address: Address) -> list[Address]:
    """The address and those that it carries inside (mapped, 6to4, Teredo, NAT64)."""
    if not isinstance(address, ipaddress.IPv6Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inside: list[Address] = [address]
    if address.sixtofour:
        inside.append(address.sixtofour)
    if address.teredo:
        inside += address.teredo
    if address in _NAT64:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inside


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast


def _is_named(host: str, address: Address, allowed: Iterable[str]) -> bool:
    for each in allowed:
        if each.lower() == host.lower():
            return True
        try:
            network = ipaddress.ip_network(each, strict=False)
        except ValueError:
            continue
        if address in network:
            return True
    return False


def _connection(parts: SplitResult, address: Address, seconds: float) -> "_Pinned":
    host, port = parts.hostname or "", _port(parts)
    if parts.scheme == "https":
        return _PinnedHTTPS(host, port, address, seconds)
    return _Pinned(host, port, address, seconds)


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked; the name is not asked for again."""

    def __init__(self, host: str, port: int, address: Address, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = str(address)
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._line = socket.create_connection((self._address, self.port), self.timeout)

    @contextmanager
    def ended_after(self, seconds: float) -> Iterator[None]:
        """Cuts the line after so many seconds, however slowly the other side keeps talking.

        Raises TimeoutError then.
        """
        cut = threading.Event()

        def end() -> None:
            cut.set()
            if self._line is not None:
                with suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            if cut.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
        if cut.is_set():
            raise TimeoutError


class _PinnedHTTPS(_Pinned):
    """The same with TLS: the certificate must be the name's."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        line = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = self._line = line
        line.do_handshake()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("it took too long")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("its certificate isn't valid ({reason})").format(reason=error.verify_message)
    said = str(getattr(error, "strerror", None) or error or type(error).__name__)
    # What the other side talks instead of HTTP stands in there: any bytes, any length.
    return "".join(each if each.isprintable() else " " for each in said).strip()[:120]


def _shown(parts: SplitResult) -> str:
    """The address without what may be secret in it."""
    return f"{parts.scheme}://{parts.hostname}{parts.path}"
