"""Files of events and customers on their way in."""

from typing import TYPE_CHECKING, Any

from parcours.events.imports.mapping import ColumnMapping
from parcours.events.imports.report import ImportReport
from parcours.events.imports.run import Preview, import_events, preview, start_import

if TYPE_CHECKING:
    from parcours.events.imports.customers import CustomersReport

__all__ = [
    "ColumnMapping",
    "ImportReport",
    "Preview",
    "import_customers",
    "import_events",
    "preview",
    "start_import",
]


def import_customers(*arguments: Any, **named: Any) -> "CustomersReport":
    """See `customers.import_customers`; what it needs is loaded at the first call."""
    from parcours.events.imports.customers import import_customers as run

    return run(*arguments, **named)
