"""Records in Confluent's wire format: a zero byte, the id of the writer's schema (4 bytes, big endian), Avro's binary."""

import io
import re
import struct
from pathlib import Path

import avro.io
import avro.schema

NAMESPACE = "io.stepstream.schemas."
PREFIX = struct.Struct(">bI")


class Unreadable(Exception):
    """Bytes that are no record of the expected kind; its text says why."""


class Branch:
    """The value of a union, with the record that it is of: two records of Envelope.body have the same fields."""

    def __init__(self, record, fields):
        self.fullname = NAMESPACE + record
        self.fields = fields


class BranchWriter(avro.io.DatumWriter):
    """Avro's writer picks the first branch of a union that fits; this one takes the branch that it is told."""

    def write_union(self, writers_schema, datum, encoder):
        if not isinstance(datum, Branch):
            return super().write_union(writers_schema, datum, encoder)
        names = [getattr(branch, "fullname", None) for branch in writers_schema.schemas]
        index = names.index(datum.fullname)
        encoder.write_long(index)
        self.write_data(writers_schema.schemas[index], datum.fields, encoder)


class Wire:
    """Reads with the schema that a record was written with, writes with the latest one of its kind."""

    def __init__(self, schemas):
        """schemas: the directory with bundled-ids.properties and versions/RECORD/N.avsc of Stepstream."""
        self._schemas = Path(schemas)
        self._names = {}  # id -> (record, version)
        self._latest = {}  # record -> (version, id)
        self._parsed = {}
        for line in (self._schemas / "bundled-ids.properties").read_text().splitlines():
            entry = re.match(r"(\w+)/(\d+)=(\d+) ", line)
            if entry:
                record, version, number = entry[1], int(entry[2]), int(entry[3])
                self._names[number] = (record, version)
                self._latest[record] = max((version, number), self._latest.get(record, (0, 0)))

    def decode(self, record, value):
        """The fields of a record; raises Unreadable."""
        if value is None or len(value) < PREFIX.size:
            raise Unreadable("too few bytes for Confluent's wire format")
        magic, number = PREFIX.unpack_from(value)
        if magic != 0:
            raise Unreadable("the first byte is not the 0x00 of Confluent's wire format")
        known, version = self._names.get(number, (None, 0))
        if known != record:
            raise Unreadable(f"schema id {number} is of {known}, not of {record}")
        try:
            decoder = avro.io.BinaryDecoder(io.BytesIO(value[PREFIX.size :]))
            return avro.io.DatumReader(self._schema(record, version)).read(decoder)
        except Exception as e:  # whatever garbage makes of a decoder
            raise Unreadable(f"no {record}: {e!r}") from e

    def encode(self, record, fields):
        """The bytes of a record."""
        version, number = self._latest[record]
        out = io.BytesIO()
        out.write(PREFIX.pack(0, number))
        schema = self._schema(record, version)
        BranchWriter(schema).write_data(schema, fields, avro.io.BinaryEncoder(out))
        return out.getvalue()

    def _schema(self, record, version):
        key = (record, version)
        if key not in self._parsed:
            file = self._schemas / "versions" / record / f"{version}.avsc"
            self._parsed[key] = avro.schema.parse(file.read_text())
        return self._parsed[key]
