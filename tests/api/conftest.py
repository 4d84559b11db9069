"""Shops that sign as their platforms do."""

from tests.events.hooks.conftest import presta, shopify, stripe_shop, woo

__all__ = ["presta", "shopify", "stripe_shop", "woo"]
