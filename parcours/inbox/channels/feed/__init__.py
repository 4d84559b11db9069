"""Posts and reviews that are published somewhere as a feed: RSS, Atom, hashtags on Mastodon."""

from parcours.inbox.channels.feed.channel import Feed

CHANNEL = Feed()
