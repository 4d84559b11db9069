"""Twilio's signature: base64 of the HMAC of the address and the sorted fields, by the auth token.

Twilio signs the address as it was entered there, with or without a port; behind a proxy that is the public
one. JSON bodies aren't in the signature: the address carries their digest as `bodySHA256`. It is SHA-1 by the
auth token, or SHA-256 by a shared key, as `X-Twilio-Webhooks-Signature-Settings` says.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha1, sha256
from urllib.parse import parse_qs, urlsplit, urlunsplit

_WAYS = {"HMAC_SHA1": sha1, "HMAC_SHA256": sha256}


def is_signed(
    token: str,
    urls: tuple[str, ...],
    fields: Mapping[str, list[str]] | None,
    body: bytes,
    sent: str,
    *,
    way: str = "HMAC_SHA1",
) -> bool:
    """Is it right for one of the addresses under which we may be known? `fields` are None for what is no
    form: then the body must fit the digest in the address.
    """
    if way.upper() not in _WAYS:
        return False
    good = [
        hmac.compare_digest(sent.encode(), signature(token, variant, fields or {}, way).encode())
        for url in urls
        for variant in with_and_without_port(url)
        if fields is not None or _body_fits(variant, body)
    ]
    return True in good


def signature(token: str, url: str, fields: Mapping[str, list[str]], way: str = "HMAC_SHA1") -> str:
    """Several values of one field count once each, in order."""
    told = url + "".join(f"{name}{value}" for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), _WAYS[way.upper()]).digest()).decode()


def way_in(settings: str) -> str:
    """The algorithm that the header names: `key=…,algorithm=HMAC_SHA256`; SHA-1 without one."""
    named = [each.partition("=") for each in settings.split(",")]
    said = [value.strip() for name, _equals, value in named if name.strip() == "algorithm"]
    return next(filter(None, said), "HMAC_SHA1")


def with_and_without_port(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    bare = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    standard = 443 if parts.scheme == "https" else 80
    for netloc in dict.fromkeys([parts.netloc, bare, f"{bare}:{parts.port or standard}"]):
        yield urlunsplit((parts.scheme, netloc, parts.path, parts.query, parts.fragment))


def _body_fits(url: str, body: bytes) -> bool:
    said = parse_qs(urlsplit(url).query).get("bodySHA256")
    return said is not None and hmac.compare_digest(said[0].encode(), sha256(body).hexdigest().encode())
