"""Secrets of others at rest."""

import pytest
from django.conf import LazySettings

from parcours.core.errors import ParcoursError
from parcours.core.secrets import seal, unseal


def test_a_secret_comes_back_and_is_not_to_be_seen_in_between() -> None:
    sealed = seal("shpss_é")
    assert "shpss" not in sealed
    assert seal("shpss_é") != sealed
    assert unseal(sealed) == "shpss_é"


def test_another_key_opens_nothing_and_says_what_to_do(settings: LazySettings) -> None:
    sealed = seal("shpss")
    settings.SECRET_KEY = "another"
    with pytest.raises(ParcoursError, match=r"secret\.key"):
        unseal(sealed)
