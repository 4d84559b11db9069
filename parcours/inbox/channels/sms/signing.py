"""Twilio's signature: base64 of the HMAC-SHA1 of the address and the sorted fields, by the auth token.

Twilio signs the address as it was entered there, with or without a port; behind a proxy that is the public
one. JSON bodies aren't in the signature: the address carries their digest as `bodySHA256`.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha1, sha256
from urllib.parse import parse_qs, urlsplit, urlunsplit


def is_signed(
    token: str, urls: tuple[str, ...], fields: Mapping[str, list[str]], body: bytes, sent: str
) -> bool:
    """Is it right for one of the addresses under which we may be known?"""
    good = [
        hmac.compare_digest(sent.encode(), signature(token, variant, fields).encode())
        for url in urls
        for variant in with_and_without_port(url)
        if _body_fits(variant, body)
    ]
    return True in good


def signature(token: str, url: str, fields: Mapping[str, list[str]]) -> str:
    """Several values of one field count once each, in order."""
    told = url + "".join(f"{name}{value}" for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), sha1).digest()).decode()


def with_and_without_port(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    standard = 443 if parts.scheme == "https" else 80
    for netloc in dict.fromkeys([parts.netloc, host, f"{host}:{parts.port or standard}"]):
        yield urlunsplit((parts.scheme, netloc, parts.path, parts.query, parts.fragment))


def _body_fits(url: str, body: bytes) -> bool:
    said = parse_qs(urlsplit(url).query).get("bodySHA256")
    return not said or hmac.compare_digest(said[0], sha256(body).hexdigest())
