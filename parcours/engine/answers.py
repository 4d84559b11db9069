"""What a table answers, written into its schema, so that a picture can be made of it without being told.

The columns stay as they are; slices and filtered tables keep the mark, dataframes lose it.
"""

import json
from typing import TYPE_CHECKING, Any

from parcours.engine.errors import QuestionError
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

_KEY = b"parcours.engine"


def told(kind: str, table: "pa.Table", **facts: str | None) -> "pa.Table":
    """The table marked as the answer to a question, with what else a reader of it should know."""
    known = {name: value for name, value in facts.items() if value is not None}
    mark = json.dumps({"kind": kind, **known}, ensure_ascii=False).encode()
    return table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: mark})


def facts_of(table: Any) -> dict[str, str]:
    """`kind` and whatever else `told` was told; empty for a table that is no answer. Raises QuestionError."""
    metadata = getattr(getattr(table, "schema", None), "metadata", None) or {}
    if _KEY not in metadata:
        return {}
    try:
        facts = json.loads(metadata[_KEY])
        return {str(name): str(value) for name, value in facts.items()}
    except (ValueError, AttributeError) as error:
        raise QuestionError(_("The mark in this table’s schema is broken.")) from error
