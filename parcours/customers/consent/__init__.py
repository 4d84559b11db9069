"""What customers allow: a ledger that is only added to."""
