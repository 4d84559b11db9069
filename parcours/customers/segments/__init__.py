"""Groups of customers by rule, and who is in them."""
