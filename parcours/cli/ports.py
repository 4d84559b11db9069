"""Taking the port to serve on, before anything else starts."""

import errno
import socket

from parcours.core.errors import InUse, ParcoursError
from parcours.core.terminal import gettext as _


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises InUse when another program has the port, else ParcoursError."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InUse(
                _("Port {port} is in use by another program.").format(port=port),
                where=address_of(host, port),
                remedy=_("Choose another one, for instance --port {other} (make demo PORT={other}).").format(
                    other=port + 1
                ),
            ) from error
        raise ParcoursError(
            _("Port {port} can't be served: {reason}.").format(port=port, reason=error.strerror or error),
            where=address_of(host, port),
            remedy=_("Choose an address of this machine with --host, and a port above 1023 with --port."),
        ) from error
    return listening


def address_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - not bound here, only shown
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
