"""What the chat on a shop's pages calls: a token in a header, no cookies, from allowed pages only."""
