"""Addresses of moments: of the shop in full, or a page of this installation from its first slash on."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.proxy import Origin
from parcours.canvas.captures.enums import Trouble
from parcours.core.errors import BadInput
from parcours.core.outbound import Unreachable, check_address


def tidy_address(text: str) -> str:
    """As it is stored: with its scheme, in plain characters. Raises BadInput."""
    given = text.strip()
    if given.startswith("/") and not given.startswith("//"):
        return iri_to_uri(given)
    if "://" not in given:
        given = f"https://{given}"
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise BadInput(_("This is not an address on the web."), where="address") from error
    shown = f"[{host}]" if ":" in host else host
    secret = parts.netloc.rpartition("@")[0]
    return iri_to_uri(
        urlunsplit(
            (parts.scheme.lower(), f"{secret}@{shown}{port}" if secret else f"{shown}{port}", *parts[2:])
        )
    )


def check(address: str) -> None:
    """Raises BadInput for what may not be asked; that nobody answers right now is no reason."""
    if address.startswith("/"):
        return
    try:
        check_address(address)
    except Unreachable:
        return
    except BadInput as fault:
        raise BadInput(fault.what, where="address", remedy=fault.remedy) from fault


def whole(address: str) -> tuple[str, tuple[Origin, ...]]:
    """The address in full, and the host and port of this installation that may be reached for it.

    Raises NoPicture when this installation doesn't know where it is.
    """
    if not address.startswith("/"):
        return address, ()
    base = settings.SERVED_AT or settings.PUBLIC_URL
    if not base:
        raise NoPicture(Trouble.NO_OWN_ADDRESS)
    parts = urlsplit(base)
    origin = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    return base.rstrip("/") + address, (origin,)
