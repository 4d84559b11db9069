"""The chat on a shop's pages: who a visitor is, what they write, and what they may see."""
