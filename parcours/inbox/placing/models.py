from django.db import models


class ChannelCost(models.Model):
    """What one contact on a channel costs the brand, as it says itself, in its own currency.

    `channel` is the channel's name in the log: calls have a cost though no account of the inbox brings them.
    """

    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "channel"], name="one_cost_a_channel")]


class ChannelAlarm(models.Model):
    """Something wrong with an account that its owners were told of; gone when it is right again."""

    account = models.ForeignKey("inbox.ChannelAccount", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="one_alarm_a_kind")]
