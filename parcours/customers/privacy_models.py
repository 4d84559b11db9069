"""Rows about what customers allow, ask for, and had erased."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.customers.privacy_enums import (
    ConsentMethod,
    ConsentState,
    ErasureState,
    RequestKind,
    RequestState,
)

if TYPE_CHECKING:
    from parcours.accounts.models import Brand


def _brand() -> "models.ForeignKey[Brand, Brand]":
    return models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")


class Purpose(models.Model):
    """Something a customer may allow: a purpose on a channel (empty when it has none)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    key = models.SlugField(max_length=40)
    channel = models.CharField(max_length=16, blank=True)
    names = models.JSONField(default=dict)  # language → name
    on_page = models.BooleanField(default=True)
    position = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "key", "channel"], name="one_purpose_a_key")]


class Wording(models.Model):
    """The sentence a customer is asked with, in each language. Never changed: a new one is a new version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.CASCADE, related_name="wordings")
    version = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)  # language → sentence
    created_at = models.DateTimeField(default=now)
    actor_label = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_wording_a_version")]


class Consent(models.Model):
    """The ledger: what a customer said to a purpose, when, how, and to which words. Rows are never changed; a
    trigger refuses it, and lets them go only with the person.

    `at` is when it was said, `id` the order of arrival. `shown` holds words that are not ours.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(
        "accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=ConsentState.choices)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    method = models.CharField(max_length=12, choices=ConsentMethod.choices)
    source = models.CharField(max_length=80, blank=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    shown = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    actor_label = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel", "at", "state"], name="said_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["brand", "purpose", "channel", "customer"], name="consent_by_purpose")
        ]


class Erasure(models.Model):
    """The certificate of an erasure: what went where, by whom. Names nobody once it is done.

    `customer_ids` is what is still to be erased, and empty afterwards. `hash` covers everything that the
    certificate says.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    state = models.CharField(max_length=8, choices=ErasureState.choices, default=ErasureState.RUNNING)
    reason = models.CharField(max_length=200, blank=True)
    actor_label = models.CharField(max_length=160, blank=True)
    begun_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    customer_ids = ArrayField(models.BigIntegerField(), default=list)
    people = models.IntegerField(default=1)
    identities = models.JSONField(default=dict)  # kind → how many
    digest = models.CharField(max_length=64, blank=True)  # of the identities' keyed digests
    counts = models.JSONField(default=dict)  # place → rows
    mentions = models.JSONField(default=dict)  # place → rows of free text that still name the person
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "-begun_at"], name="erasure_by_brand")]


class Suppression(models.Model):
    """An identity that was erased, as a keyed digest: what comes in about it later is dropped until the
    person consents anew.
    """

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    erasure = models.ForeignKey(Erasure, on_delete=models.SET_NULL, null=True, related_name="suppressions")
    since = models.DateTimeField(default=now)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "digest"], name="one_suppression_an_identity")
        ]


class SuppressedDay(models.Model):
    """How many events of erased people came in on a day and were dropped."""

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    day = models.DateField()
    events = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "day"], name="one_count_of_dropped_a_day")]


class PrivacyRequest(models.Model):
    """Somebody asks for their data, or to be forgotten. The law gives a month (GDPR, article 12)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.ASKED)
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    language = models.CharField(max_length=16, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    erasure = models.ForeignKey(Erasure, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["brand", "state", "due_at"], name="request_by_state")]


class RetentionRule(models.Model):
    """How long a brand keeps something, and what the last run removed. Without a row nothing goes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    key = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    enabled = models.BooleanField(default=False)
    last_run_at = models.DateTimeField(null=True)
    last_removed = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)  # by all runs
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_rule_a_key")]


class Undeliverable(models.Model):
    """An address that refused mails: `refusals` passing ones in a row, or (`blocked_at`) so many, or one for
    good, that nobody of the brand writes there. Lifted when somebody writes from there, or a person says so.
    """

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    address = models.CharField(max_length=254)
    refusals = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=400, blank=True)  # the mail that was refused last
    last_at = models.DateTimeField(default=now)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "address"], name="one_undeliverable_an_address")
        ]
        indexes = [
            models.Index(
                fields=["brand", "-id"],
                name="undeliverable_newest",
                condition=models.Q(blocked_at__isnull=False),
            )
        ]
