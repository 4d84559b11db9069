"""Cells of files that a spreadsheet will open."""


def harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in set("=+-@\t\r") else cell
