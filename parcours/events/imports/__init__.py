"""Files of events on their way into the lake."""

from parcours.events.imports.mapping import ColumnMapping
from parcours.events.imports.report import ImportReport
from parcours.events.imports.run import Preview, import_events, preview, start_import

__all__ = ["ColumnMapping", "ImportReport", "Preview", "import_events", "preview", "start_import"]
