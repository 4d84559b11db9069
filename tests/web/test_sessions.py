"""Whoever is signed in stays so while their session stands, and not a moment longer."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from parcours.accounts.models import Membership, Person
from parcours.core.clock import now

pytestmark = pytest.mark.django_db


def status(client: Client) -> int:
    return client.get("/inbox/counts/", headers={"HX-Request": "true"}).status_code


def test_a_session_that_stands_opens_pages(as_agnes: Client) -> None:
    assert status(as_agnes) == 200


def test_one_that_has_expired_does_not(as_agnes: Client) -> None:
    assert status(as_agnes) == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert status(as_agnes) == 401


def test_one_that_is_gone_does_not(as_agnes: Client) -> None:
    assert status(as_agnes) == 200
    Session.objects.all().delete()
    assert status(as_agnes) == 401


def test_a_role_that_was_taken_away_counts_at_once(as_agnes: Client, agnes: Person) -> None:
    assert status(as_agnes) == 200
    Membership.objects.filter(person=agnes).update(role="viewer")
    assert status(as_agnes) == 403
    Membership.objects.filter(person=agnes).delete()
    assert status(as_agnes) == 403
