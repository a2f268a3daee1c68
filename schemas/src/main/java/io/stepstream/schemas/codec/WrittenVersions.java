package io.stepstream.schemas.codec;

import io.stepstream.schemas.registry.RecordVersion;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * The released versions of a record, of which each value is written in the oldest that loses
 * nothing of it: so nodes of an earlier release read all that has nothing new in it, while a
 * release is rolled out or back (ADR 0075). Thread safe.
 */
final class WrittenVersions {

  private final Schema current;
  private final List<RecordVersion> versions;
  private final int floor;
  private final @Nullable Additions additions;
  private final AtomicReferenceArray<@Nullable FieldWriter> writers;

  /**
   * @param versions released ones, the oldest first, the last of the current schema
   */
  WrittenVersions(Schema current, List<RecordVersion> versions, SpecificData model) {
    this.current = current;
    this.versions = versions;
    List<Schema> schemas = versions.stream().map(RecordVersion::schema).toList();
    this.floor = Additions.floor(schemas);
    this.additions = versions.size() == 1 ? null : Additions.of(schemas, model);
    this.writers = new AtomicReferenceArray<>(versions.size());
    // Now, since it refuses a schema with what no record of ours has.
    this.writers.set(versions.size() - 1, FieldWriter.of(current));
  }

  int count() {
    return versions.size();
  }

  RecordVersion version(int index) {
    return versions.get(index);
  }

  RecordVersion latest() {
    return versions.getLast();
  }

  /** The index of the version that a value is written in. */
  int of(Object value) {
    return additions == null ? floor : Math.max(floor, additions.since(value));
  }

  FieldWriter writer(int index) {
    FieldWriter known = writers.get(index);
    if (known == null) {
      known = FieldWriter.of(current, versions.get(index).schema());
      writers.set(index, known);
    }
    return known;
  }
}
