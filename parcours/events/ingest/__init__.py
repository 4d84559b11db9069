"""How events come in: messages, the durable inbox, and the hand-off to the lake."""
