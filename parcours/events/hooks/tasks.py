import uuid

from procrastinate.contrib.django import app

from parcours.core.lanes import OUTSIDE
from parcours.events.hooks.models import HookAccount


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.ask_shops", queue=OUTSIDE, queueing_lock="events.ask_shops")
def ask_shops(timestamp: int) -> None:  # noqa: ARG001
    """Gives each shop that is to be asked a job of its own, so that a slow one holds up no other."""
    from procrastinate.exceptions import AlreadyEnqueued

    asked = HookAccount.objects.filter(source__removed_at=None).exclude(shop_url="")
    for account_id in asked.values_list("pk", flat=True):
        lock = f"events.ask_shop.{account_id}"
        try:
            ask_one_shop.configure(lock=lock, queueing_lock=lock).defer(account_id=str(account_id))
        except AlreadyEnqueued:
            continue


@app.task(name="events.ask_shop", queue=OUTSIDE)
def ask_one_shop(account_id: str) -> None:
    """Takes in what changed in one shop since it was asked last."""
    from parcours.events.hooks.prestashop.asking import ask_shop

    account = (
        HookAccount.objects.select_related("brand")
        .filter(pk=uuid.UUID(account_id), source__removed_at=None)
        .exclude(shop_url="")
        .first()
    )
    if account is not None:
        ask_shop(account)
