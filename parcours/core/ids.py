"""Identifiers: UUID version 7 (RFC 9562), so that rows made later sort later."""

import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_secret(prefix: str) -> str:
    """A random secret of 192 bits with a readable prefix, for keys and tokens that are shown once."""
    return f"{prefix}_{secrets.token_urlsafe(24)}"
