from django.db import models


class MailId(models.Model):
    """A Message-ID that a message bears, or (`is_answered`) answers. Several may bear one: broken programs
    use the same again and again.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "inbox.ChannelAccount", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    message = models.ForeignKey("inbox.Message", on_delete=models.CASCADE, related_name="+")
    said = models.CharField(max_length=400)
    is_answered = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["account", "said"], name="mail_id_said")]
