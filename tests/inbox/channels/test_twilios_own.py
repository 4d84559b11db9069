"""Our check of Twilio's signature against Twilio's own, over addresses, fields and bodies of all kinds."""

from hashlib import sha256
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator, get_signature_algorithm

from parcours.inbox.channels.sms.signing import is_signed, way_in

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FIELDS = st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=3), max_size=6)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["parcours.example", "Shop.Example", "10.0.0.1"]),
    st.sampled_from(["", ":443", ":80", ":8443"]),
    st.sampled_from(["/hooks/twilio/1", "/", "/a%20b"]),
    st.sampled_from(["", "?foo=1&bar=2", "?x="]),
)
PORTS = st.sampled_from(["as it is", "with", "without"])
WAYS = st.sampled_from(["HMAC_SHA1", "HMAC_SHA256", "hmac_sha256", "MD5"])
TOKENS = st.text("abcdef0123456789", min_size=1, max_size=32)
TWO = st.one_of(st.tuples(TOKENS, TOKENS), TOKENS.map(lambda token: (token, token)))


class Many(dict[str, Any]):
    """Several values a field, as web frameworks have them."""

    def getall(self, name: str) -> list[str]:
        return list(self[name])


def entered(url: str, port: str) -> str:
    """The address as somebody may have entered it at Twilio."""
    scheme, _slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if port == "with" and ":" not in host:
        host += ":443" if scheme == "https" else ":80"
    if port == "without":
        host = host.partition(":")[0]
    return f"{scheme}://{host}{slash}{path}"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(url=URLS, port=PORTS, fields=FIELDS, tokens=TWO, way=WAYS)
def test_forms_are_believed_when_twilio_believes_them(
    url: str, port: str, fields: dict[str, list[str]], tokens: tuple[str, str], way: str
) -> None:
    token, other = tokens
    signed_by = RequestValidator(other)
    known = way if way != "MD5" else "HMAC_SHA1"
    sent = signed_by.compute_signature(entered(url, port), Many(fields), known)
    wanted = RequestValidator(token).validate(url, Many(fields), sent, way)
    assert is_signed(token, (url,), fields, b"", sent, way=way) == wanted
    assert not wanted or way != "MD5"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(url=URLS, port=PORTS, body=st.text(max_size=40), said=st.text(max_size=40), token=TOKENS)
def test_json_is_believed_when_twilio_believes_it(
    url: str, port: str, body: str, said: str, token: str
) -> None:
    digest = sha256(said.encode("utf-8", "replace")).hexdigest()
    whole = f"{url}{'&' if '?' in url else '?'}bodySHA256={digest}"
    sent = RequestValidator(token).compute_signature(entered(whole, port), {})
    content = body.encode("utf-8", "replace")
    wanted = RequestValidator(token).validate(whole, content.decode(), sent)
    assert is_signed(token, (whole,), None, content, sent) == wanted
    assert is_signed(token, (whole,), None, said.encode("utf-8", "replace"), sent)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("abcHMACSHA256_=, algorithm", max_size=40))
def test_the_way_is_read_as_twilio_reads_it(header: str) -> None:
    assert way_in(header) == get_signature_algorithm(header)


def test_a_shared_key_signs_with_sha_256() -> None:
    header = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    url, fields = "https://parcours.example/hooks/twilio/1", {"Body": ["Où est-il ?"]}
    sent = RequestValidator("the key").compute_signature(url, Many(fields), "HMAC_SHA256")
    assert is_signed("the key", ("http://inside:8000/x", url), fields, b"", sent, way=way_in(header))
    assert not is_signed("the key", (url,), fields, b"", sent)
