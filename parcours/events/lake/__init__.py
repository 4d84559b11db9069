"""The event lake: Parquet files of a brand, in buckets by customer, sorted by customer, time and arrival.

PostgreSQL holds the manifest: which files are in effect. Whoever changes the lake writes new files beside the
old ones and swaps the manifest in one transaction; a file that no manifest names is an orphan and means
nothing.
"""

from parcours.events.lake.index import LakeIndex
from parcours.events.lake.lake import Lake

__all__ = ["Lake", "LakeIndex"]
