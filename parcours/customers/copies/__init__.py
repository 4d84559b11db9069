"""Customers as files: one person's data for that person, many for a spreadsheet."""
