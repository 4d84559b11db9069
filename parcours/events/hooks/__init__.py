"""Shops that tell what happens: each kind is a folder with its signature and its mapping to events."""
