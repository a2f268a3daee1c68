package io.stepstream.schemas.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;

/**
 * Every version of every record that was ever released, as resources of this module: {@code
 * bundled-ids.properties} holds a line {@code Record/version=id fingerprint} each, {@code
 * versions/Record/version.avsc} its schema.
 *
 * <p>Once a release contains a line it never changes. An id that changed its meaning would make
 * topics unreadable, a version that was dropped would make stores unreadable. Immutable.
 */
public final class RecordVersions {

  /**
   * Fixed ids count from here ("ST" in ASCII in the upper half), far above what a registry hands
   * out from 1, so both kinds can stand on one topic.
   */
  public static final int FIRST_ID = 0x5354_0001;

  private static final String FOLDER = "/io/stepstream/schemas/";

  private final Map<String, List<RecordVersion>> byName;
  private final Map<Integer, RecordVersion> byId;

  private RecordVersions(Collection<RecordVersion> versions) {
    Map<String, List<RecordVersion>> names = new HashMap<>();
    Map<Integer, RecordVersion> ids = new HashMap<>();
    for (RecordVersion version : versions) {
      names.computeIfAbsent(version.recordName(), _ -> new ArrayList<>()).add(version);
      RecordVersion other = ids.put(version.id(), version);
      if (other != null) {
        throw new IllegalStateException(
            "Two versions share the id %d: %s and %s"
                .formatted(version.id(), version.recordName(), other.recordName()));
      }
    }
    names.replaceAll(
        (_, list) -> list.stream().sorted(Comparator.comparingInt(RecordVersion::number)).toList());
    this.byName = Map.copyOf(names);
    this.byId = Map.copyOf(ids);
  }

  /** The versions that this module was released with. Parsed once. */
  public static RecordVersions released() {
    return Released.VERSIONS;
  }

  /** All versions of the record with this full name, the oldest first; empty if there is none. */
  public List<RecordVersion> of(String recordName) {
    return byName.getOrDefault(recordName, List.of());
  }

  Map<Integer, RecordVersion> byId() {
    return byId;
  }

  private static final class Released {
    static final RecordVersions VERSIONS = load();

    private static RecordVersions load() {
      Properties lines = new Properties();
      try (InputStream in = resource("bundled-ids.properties")) {
        lines.load(in);
        List<RecordVersion> versions = new ArrayList<>();
        for (String key : lines.stringPropertyNames()) {
          versions.add(version(key, lines.getProperty(key)));
        }
        return new RecordVersions(versions);
      } catch (IOException e) {
        throw new UncheckedIOException("Reading the bundled schemas", e);
      }
    }

    private static RecordVersion version(String key, String line) throws IOException {
      String[] idAndFingerprint = line.split(" ");
      int id = Integer.parseInt(idAndFingerprint[0]);
      long fingerprint = Long.parseUnsignedLong(idAndFingerprint[1], 16);
      int number = Integer.parseInt(key.substring(key.indexOf('/') + 1));
      try (InputStream in = resource("versions/" + key + ".avsc")) {
        Schema schema = new Schema.Parser().parse(in);
        if (SchemaNormalization.parsingFingerprint64(schema) != fingerprint) {
          throw new IllegalStateException(
              "versions/%s.avsc was changed after its release: its fingerprint differs from %016x"
                  .formatted(key, fingerprint));
        }
        return new RecordVersion(number, id, fingerprint, schema);
      } catch (SchemaParseException e) {
        throw new IllegalStateException("versions/" + key + ".avsc is not a schema", e);
      }
    }

    private static InputStream resource(String name) throws IOException {
      InputStream in = RecordVersions.class.getResourceAsStream(FOLDER + name);
      if (in == null) {
        throw new IOException("Missing resource " + FOLDER + name);
      }
      return in;
    }
  }
}
