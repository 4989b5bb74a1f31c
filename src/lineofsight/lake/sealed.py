"""Encrypted Parquet files: written once, read many times, tied to their snapshot and their name.

Every page and the footer are AES-256-GCM under the snapshot's data key. The snapshot's id and the file's
path go into what is authenticated, so a file put under another name, or in another snapshot, does not open.
"""

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as fs
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from lineofsight.errors import PlainError

# A child's events are a few dozen rows: small groups, so that reading one child decrypts little.
ROW_GROUP = 8_192
_HASHED_AT_ONCE = 1 << 20

# Reads are small and many: the system's allocator gives memory back, where Arrow's own keeps 60 MB of it.
_POOL = pa.system_memory_pool()


class Altered(PlainError):
    """A file is not what its manifest says; or a successor took its place since the manifest was read."""


def write(
    path: Path,
    batches: Iterable[pa.Table],
    schema: pa.Schema,
    *,
    key: bytes,
    name: str,
    row_group: int = ROW_GROUP,
    statistics: Sequence[str] | bool = True,
) -> int:
    """Write `batches` of `schema` as one encrypted file at `path`, flushed to disk. Returns the rows written.

    `name` is what the file is tied to: '<snapshot id>/<path within the snapshot>'. `statistics` names the
    columns whose least and most value each row group tells: those the file is filtered by.
    """
    rows = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with _writer(str(path), schema, key, name, statistics) as writer:
            for batch in batches:
                # an empty group would have no least and most value to be looked up by
                if batch.num_rows:
                    writer.write_table(batch, row_group_size=row_group)
                    rows += batch.num_rows
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return rows


class Sealing:
    """An encrypted file that is made in memory while its rows are still being worked out, in a thread of its own.

    What is added is encrypted at once and let go; `write` puts the whole on disk. Use it as a context.
    """

    def __init__(
        self,
        schema: pa.Schema,
        *,
        key: bytes,
        name: str,
        row_group: int = ROW_GROUP,
        statistics: Sequence[str] | bool = True,
    ) -> None:
        """`name`, `row_group` and `statistics` are as in `write`."""
        self.rows = 0
        self._made = BytesIO()
        self._writer = _writer(self._made, schema, key, name, statistics)
        self._row_group = row_group
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        self._writer.close()

    def add(self, table: pa.Table) -> None:
        """Add the next rows. Of the tables given only one waits while another is encrypted."""
        if self._last:
            self._last.result()
        if table.num_rows:
            self._last = self._thread.submit(self._writer.write_table, table, row_group_size=self._row_group)
            self.rows += table.num_rows

    def write(self, path: Path) -> None:
        """Write the file at `path`, flushed to disk. Nothing more can be added."""
        if self._last:
            self._last.result()
        self._writer.close()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(self._made.getbuffer())
            handle.flush()
            os.fsync(descriptor)


def _writer(
    where: str | BytesIO, schema: pa.Schema, key: bytes, name: str, statistics: Sequence[str] | bool
) -> pq.ParquetWriter:
    # Arrow's own schema is left out: a column held as few words is read back as the text it is.
    return pq.ParquetWriter(
        where,
        schema,
        compression="zstd",
        store_schema=False,
        write_statistics=statistics,
        encryption_properties=pe.create_encryption_properties(
            footer_key=key, aad_prefix=name.encode(), store_aad_prefix=False
        ),
    )


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex, read a piece at a time. Raises PlainError where it is gone."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as handle:
            while piece := handle.read(_HASHED_AT_ONCE):
                found.update(piece)
    except OSError:
        raise PlainError(f"The file {path} cannot be read.") from None
    return found.hexdigest()


class SealedFile:
    """One encrypted file, opened: its footer is read once, its pages as they are asked for."""

    def __init__(self, path: Path, *, key: bytes, name: str) -> None:
        """Raises PlainError, naming the file, when it is altered, cut, or tied to another name or key."""
        self.path = path
        properties = pe.create_decryption_properties(footer_key=key, aad_prefix=name.encode())
        form = ds.ParquetFileFormat(
            default_fragment_scan_options=ds.ParquetFragmentScanOptions(decryption_properties=properties)
        )
        try:
            fragment = form.make_fragment(str(path), fs.LocalFileSystem())
            fragment.ensure_complete_metadata()
            schema = fragment.physical_schema
        except (OSError, pa.ArrowException):
            raise altered(path) from None
        self.dataset = ds.FileSystemDataset([fragment], schema, form, fs.LocalFileSystem())
        self._fragment = fragment
        self._bounds: dict[str, tuple[list[str], list[str]]] = {}

    def read(self, *, columns: Sequence[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
        """The rows that meet `where` (default all), in the file's order.

        Row groups whose statistics rule them out are not decrypted. Raises PlainError, naming the file,
        when what is read was altered; ValueError for a column the file has not.
        """
        wanted = self._columns(columns)
        try:
            return self.dataset.to_table(
                columns=wanted,
                filter=where,
                use_threads=False,
                memory_pool=_POOL,
                batch_readahead=1,  # one decrypted row group ahead is enough, and keeps a web process small
                fragment_readahead=1,
            )
        except (OSError, pa.ArrowException):
            raise altered(self.path) from None

    def lookup(self, column: str, value: str) -> pa.Table:
        """The rows whose `column` is `value`, in a file sorted by that text column.

        Only the row groups that can hold it are decrypted. Raises PlainError as `read` does.
        """
        least, most = self._bounds.get(column) or self._bounds.setdefault(column, self._read_bounds(column))
        groups = list(range(bisect_left(most, value), bisect_right(least, value)))
        if not groups:
            return self.dataset.schema.empty_table()
        try:
            part = self._fragment.subset(row_group_ids=groups)
            return part.to_table(filter=pc.field(column) == value, use_threads=False, memory_pool=_POOL)
        except (OSError, pa.ArrowException):
            raise altered(self.path) from None

    def _read_bounds(self, column: str) -> tuple[list[str], list[str]]:
        about = self._fragment.metadata
        leaves = [about.schema.column(leaf).path for leaf in range(about.num_columns)]
        place = leaves.index(column)
        known = [about.row_group(group).column(place).statistics for group in range(about.num_row_groups)]
        return [group.min for group in known], [group.max for group in known]

    def batches(self) -> Iterator[pa.Table]:
        """The file's rows, a row group or a part of one at a time. Raises PlainError when it was altered."""
        found = self.dataset.to_batches(use_threads=False, memory_pool=_POOL, batch_readahead=1, fragment_readahead=1)
        try:
            for batch in found:
                yield pa.Table.from_batches([batch])
        except (OSError, pa.ArrowException):
            raise altered(self.path) from None

    @property
    def row_group(self) -> int:
        """How many rows its largest group has; for an empty file, what a chronology's would have."""
        about = self._fragment.metadata
        return max((about.row_group(at).num_rows for at in range(about.num_row_groups)), default=ROW_GROUP)

    @property
    def told(self) -> list[str]:
        """The columns whose least and most value its groups tell."""
        about = self._fragment.metadata
        if not about.num_row_groups:
            return []
        first = about.row_group(0)
        columns = [first.column(at) for at in range(about.num_columns)]
        return [column.path_in_schema for column in columns if column.is_stats_set]

    def count(self) -> int:
        """The rows of the file, every page decrypted on the way. Raises PlainError when it was altered."""
        try:
            return sum(batch.num_rows for batch in self.dataset.to_batches(use_threads=False, memory_pool=_POOL))
        except (OSError, pa.ArrowException):
            raise altered(self.path) from None

    def _columns(self, columns: Sequence[str] | None) -> list[str] | None:
        if columns is None:
            return None
        known = set(self.dataset.schema.names)
        unknown = [name for name in columns if name not in known]
        if unknown:
            raise ValueError(f"{self.path.name} has no column {unknown[0]}")
        return list(columns)


def altered(path: Path) -> Altered:
    """The error for a file whose bytes are not those that were written under its name."""
    return Altered(f"The file {path} was altered or is damaged: nothing was read from it.")
