"""By when customers are to be answered: targets, what is due, and who is told."""
