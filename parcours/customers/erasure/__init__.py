"""The right to be forgotten: requests, erasures with a certificate, and who is kept away since."""
