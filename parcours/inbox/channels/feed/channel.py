from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.core.outbound import ask
from parcours.inbox.channels.base import Channel, NeverSent, Outbound, SentAs, Setting, Told, TryLater, Window
from parcours.inbox.channels.feed.reading import read
from parcours.inbox.channels.public import BECOMES
from parcours.inbox.models import ChannelAccount, Conversation

_LEAST_MINUTES = 5


class Feed(Channel):
    """Asked in turn; what it publishes becomes conversations, each post once. Answers are given there."""

    # ruff: noqa: ARG002 - as in `base.Channel`
    kind = "feed"
    label = gettext_lazy("Posts and reviews")
    icon = "chat"
    event_channel = "social"
    place = 70
    threads = True
    about = gettext_lazy("Posts, reviews and hashtags that are published as a feed (RSS, Atom, Mastodon).")
    settings = (
        Setting(
            "url",
            gettext_lazy("Address of the feed"),
            gettext_lazy(
                "For example https://mastodon.social/tags/running.rss, or the feed of a site of reviews."
            ),
            "address",
        ),
        Setting(
            "holds",
            gettext_lazy("What it holds"),
            kind="choice",
            required=False,
            default="posts",
            choices=[("posts", gettext_lazy("Posts")), ("reviews", gettext_lazy("Reviews"))],
        ),
        BECOMES,
        Setting("minutes", gettext_lazy("Ask every … minutes"), kind="number", default="15"),
    )

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        are_reviews = account.settings.get("holds") == "reviews"
        return read(body, address=str(account.settings.get("url", "")), are_reviews=are_reviews)

    def pull(self, account: ChannelAccount) -> None:
        """Asks when it is time; what is the same as before isn't read."""
        from parcours.inbox.writes.receiving import keep

        asked = account.cursor.get("asked_at", "")
        every = timedelta(minutes=max(_LEAST_MINUTES, int(account.settings.get("minutes") or _LEAST_MINUTES)))
        if asked and datetime.fromisoformat(asked) + every > now():
            return
        headers = {"User-Agent": "Parcours", "Accept": "application/rss+xml, application/atom+xml, */*;q=0.5"}
        if account.cursor.get("etag"):
            headers["If-None-Match"] = account.cursor["etag"]
        if account.cursor.get("modified"):
            headers["If-Modified-Since"] = account.cursor["modified"]
        answer = ask(str(account.settings["url"]), headers=headers)
        cursor = {**account.cursor, "asked_at": now().isoformat()}
        if answer.status == 200:
            keep(account, answer.body)
            cursor |= {
                "etag": answer.headers.get("etag", ""),
                "modified": answer.headers.get("last-modified", ""),
            }
        elif answer.status != 304:
            raise TryLater(_("The feed answers with {status}.").format(status=answer.status))
        ChannelAccount.objects.filter(pk=account.pk).update(cursor=cursor, fault="")

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        raise NeverSent(_("A post is answered where it was published."))

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        return Window(open=False, why=_("A post is answered where it was published; its link leads there."))

    def test(self, account: ChannelAccount) -> str:
        found = read(ask(str(account.settings["url"]), headers={"User-Agent": "Parcours"}).body)
        return _("The feed has {n} posts at the moment.").format(n=len(found))
