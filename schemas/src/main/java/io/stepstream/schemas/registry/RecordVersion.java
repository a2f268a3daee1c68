package io.stepstream.schemas.registry;

import static java.util.Objects.requireNonNull;

import org.apache.avro.Schema;

/**
 * A released version of a record.
 *
 * @param number from 1
 * @param id the fixed schema id
 * @param fingerprint CRC-64-AVRO of the schema's parsing canonical form
 */
public record RecordVersion(int number, int id, long fingerprint, Schema schema) {

  public RecordVersion {
    requireNonNull(schema, "schema");
    if (number < 1) {
      throw new IllegalArgumentException("Versions count from 1: " + number);
    }
  }

  public String recordName() {
    return schema.getFullName();
  }
}
