"""Feeds: RSS, Atom and Mastodon, each post once, asked no more often than agreed."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import Conflict
from parcours.events.models import ReceivedEvent
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import NotUnderstood
from parcours.inbox.channels.feed.reading import read
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.inbox.platforms.plain import Platform, platform

pytestmark = pytest.mark.django_db(transaction=True)

RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Reviews</title>
<item><title>Great shoes</title><link>https://reviews.example/1</link><guid>r1</guid><dc:creator>Anna</dc:creator>
<pubDate>Mon, 21 Sep 2026 10:00:00 +0200</pubDate>
<description>&lt;p&gt;No pain &amp;amp; no blisters&lt;/p&gt;</description></item>
<item><title>Too small</title><link>https://reviews.example/2</link><guid>r2</guid>
<pubDate>Tue, 22 Sep 2026 10:00:00 +0200</pubDate><description>A size too small</description></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><id>tag:1</id><title>Hello</title>
<link rel="alternate" href="https://blog.example/1"/><updated>2026-09-21T10:00:00Z</updated>
<author><name>Jo</name></author>
<content type="html">&lt;b&gt;Running&lt;/b&gt; again</content></entry></feed>"""
MASTODON = b"""[{"id":"1","uri":"https://m.example/1","url":"https://m.example/@jo/1",
"created_at":"2026-09-21T10:00:00.000Z",
"language":"fr","content":"<p>Mes <span>#mafoulee</span> sont top</p>",
"account":{"acct":"jo@m.example","display_name":"Jo"}}]"""


def test_the_three_kinds_are_read() -> None:
    rss, atom, posts = read(RSS), read(ATOM), read(MASTODON)
    assert [each.text for each in rss] == [
        "Great shoes\n\nNo pain & no blisters",
        "Too small\n\nA size too small",
    ]
    assert (rss[0].sender.name, rss[1].sender.name) == ("Anna", "Reviews")
    assert rss[0].at.isoformat() == "2026-09-21T10:00:00+02:00"
    assert (atom[0].text, atom[0].context) == ("Hello\n\nRunning again", {"post": "https://blog.example/1"})
    assert (posts[0].text, posts[0].sender.handle) == ("Mes #mafoulee sont top", "@jo@m.example")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>no</body></html>", b"[broken", b'<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>'],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(body)


@pytest.fixture
def site(settings: LazySettings) -> Iterator[Platform]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    with platform(lambda _asked: (200, RSS)) as there:
        yield there


@pytest.fixture
def feed(brand: Brand, alice_acts: Actor, site: Platform) -> ChannelAccount:
    given = {"url": f"{site.url}/feed.rss", "minutes": "15"}
    return writes.add_account(brand, "feed", "Reviews", given, acting_user=alice_acts)


def test_each_post_is_a_conversation_once(feed: ChannelAccount, site: Platform, alice_acts: Actor) -> None:
    channel = channel_of("feed")
    for minutes in (0, 5, 20):
        with clock_at(now() + timedelta(minutes=minutes)):
            feed.refresh_from_db()
            channel.pull(feed)
    assert len(site.asked) == 2, "not again before its time"
    assert site.asked[1].headers["if-none-match"] == '"1"'
    assert Conversation.objects.count() == Message.objects.count() == 2
    with pytest.raises(Conflict):
        writes.send_reply(Conversation.objects.order_by("number")[0].pk, "Thank you", acting_user=alice_acts)


def test_posts_of_one_author_stay_apart(feed: ChannelAccount, site: Platform) -> None:
    site.answering = lambda _asked: (
        200,
        RSS.replace(b"<guid>r2</guid>", b"<guid>r2</guid><dc:creator>Anna</dc:creator>"),
    )
    channel_of("feed").pull(feed)
    assert Conversation.objects.filter(contact__name="Anna").count() == 2


def test_reviews_and_hashtags_are_told_to_the_log_as_what_they_are(
    feed: ChannelAccount, site: Platform, alice_acts: Actor
) -> None:
    given = {"becomes": "feedback", "holds": "reviews"}
    account = writes.change_account(feed.pk, given=given, acting_user=alice_acts)
    rated = RSS.replace(b"<guid>r2</guid>", b"<guid>r2</guid><rating>2,5</rating>")
    site.answering = lambda _asked: (200, rated)
    channel_of("feed").pull(account)
    assert not Conversation.objects.exists()
    told = [json.loads(bytes(each.body)) for each in ReceivedEvent.objects.order_by("id")]
    assert {each["event"] for each in told} == {"Review Posted"}
    facts = {each["properties"]["review_id"]: each["properties"] for each in told}
    assert facts["r1"]["author"] == "Anna"
    assert "rating" not in facts["r1"]
    assert (facts["r2"]["rating"], facts["r2"]["site"]) == (2.5, "reviews.example")

    (post,) = read(MASTODON, address="https://m.example/api/v1/timelines/tag/mafoulee?limit=40")
    assert post.published is not None
    assert post.published.properties == {
        "network": "m.example",
        "link": "https://m.example/@jo/1",
        "hashtag": "mafoulee",
    }
