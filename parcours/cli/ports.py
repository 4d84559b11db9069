"""Taking the port to serve on, before anything else starts."""

import errno
import os
import socket
from urllib.parse import urlsplit

from parcours.core.errors import InUse, ParcoursError
from parcours.core.terminal import gettext as _

ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - asked for by the operator


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


def answer_to(host: str) -> str:
    """Lets the pages answer under the host they are served on, and returns a name they answer to.

    Without PARCOURS_HOSTS they answer on this machine only, whatever a browser's Host header says.
    """
    named = os.environ.get("PARCOURS_HOSTS", "")
    if named:
        return named.split(",")[0].strip().lstrip(".").replace("*", "localhost")
    public = urlsplit(os.environ.get("PARCOURS_URL", "")).hostname
    if host not in ANY_ADDRESS:
        shown = f"[{host}]" if ":" in host else host
        os.environ["PARCOURS_HOSTS"] = ",".join(
            filter(None, ["localhost", "127.0.0.1", "[::1]", shown, public])
        )
    return "localhost"


def address_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    if host in ANY_ADDRESS:
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
