"""Signing in speaks as the rest of Parcours does."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_form_says_in_our_words_what_it_wants_and_what_went_wrong(client: Client) -> None:
    shown = client.get("/accounts/login/", follow=True).content.decode()
    for words in ("E-mail address", "Password", "Stay signed in"):
        assert words in shown
    assert "Remember Me" not in shown
    sent = {"login": "nobody@example.org", "password": "not the word"}
    wrong = client.post("/accounts/login/", sent).content.decode()
    assert "don’t go together" in wrong
    assert "specified" not in wrong
