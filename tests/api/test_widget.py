import gzip

import pytest
from django.test import Client

from parcours.api import widget


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> bytes:
    built = b"parcours();" * 400
    monkeypatch.setattr(widget, "_script", lambda _name: built)
    return built


def test_the_script_is_packed_for_browsers_that_take_it_so(script: bytes) -> None:
    packed = Client().get("/widget.js", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content) == script
    assert Client().get("/widget.js").content == script


def test_a_browser_that_has_the_script_is_told_so() -> None:
    for encoding in ("gzip", "identity"):
        first = Client().get("/widget.js", headers={"accept-encoding": encoding})
        headers = {"accept-encoding": encoding, "if-none-match": first.headers["ETag"]}
        assert Client().get("/widget.js", headers=headers).status_code == 304
