"""What the nightly check found stands on a page, in words, and the commands tell the same."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from parcours.accounts.models import Brand
from parcours.cli.main import parcours
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reconciling.running import reconcile
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/inbox/settings/channels/check/"


def test_the_page_says_what_was_put_right_and_what_is_to_do(
    as_alice: Client, brand: Brand, loft: ChannelAccount
) -> None:
    assert "Not checked yet" in as_alice.get(PAGE).content.decode()
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "out-1", "step": "read"})
    reconcile(brand)
    Conversation.objects.update(message_count=9)
    reconcile(brand)
    shown = as_alice.get(PAGE).content.decode()
    assert "1 arrival was not understood" in shown
    assert "1 conversation showed other than what its messages say" in shown
    assert shown.index("To do") < shown.index("Put right")
    assert "The nights before" in shown
    assert PAGE in as_alice.get("/inbox/settings/channels/").content.decode()


def test_a_check_is_asked_for_on_the_page(as_alice: Client, as_agnes: Client) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    assert as_agnes.get(PAGE).status_code == 403
    for _twice in range(2):
        assert as_alice.post(PAGE).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="inbox.reconcile_brand").count() == 1


def test_the_command_runs_it_and_says_by_its_status_whether_something_is_left(
    brand: Brand, loft: ChannelAccount
) -> None:
    bring(loft, {"id": "1", "text": "Hello"})
    Conversation.objects.update(message_count=9)
    mended = CliRunner().invoke(parcours, ["inbox", "reconcile", "--json"], standalone_mode=False)
    rows = json.loads(mended.stdout)
    assert [(row["kind"], row["number"], row["mended"]) for row in rows] == [("counters", 1, 1)]
    assert mended.return_value == 0
    bring(loft, {"id": "out-1", "step": "read"})
    left = CliRunner().invoke(parcours, ["inbox", "reconcile", "--days", "2"], standalone_mode=False)
    assert "1 arrival was not understood" in left.stdout
    assert left.return_value == 1
    assert brand.name in left.stdout
