"""Lists of media: CSV, TSV, JSONL or Parquet, with columns of types the ledger knows."""

from acav1m.sources._lists.table import columns, is_list, metadata, names, rows, span, typed

__all__ = ["columns", "is_list", "metadata", "names", "rows", "span", "typed"]
