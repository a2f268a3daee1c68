package io.stepstream.schemas.registry;

import java.util.List;
import org.apache.avro.Schema;

/** Where schemas get their ids. Implementations are thread safe and cache what cannot change. */
public interface SchemaRegistry extends AutoCloseable {

  /**
   * The id of a schema under a subject; registers it if need be. Idempotent.
   *
   * @throws SchemaRejectedException if the registry refuses: it will refuse again
   * @throws RegistryUnavailableException if the registry gave no usable answer: try again
   */
  int register(String subject, Schema schema);

  /**
   * The schema behind an id. Blocks on I/O at most at the first sight of an id.
   *
   * @throws RegistryUnavailableException if the registry gave no usable answer: try again
   */
  SchemaLookup byId(int id);

  /**
   * The latest schema under a subject; a newer one may be seen half a minute late. Blocks on I/O.
   *
   * @throws RegistryUnavailableException if the registry gave no usable answer: try again
   */
  SubjectLookup latest(String subject);

  /**
   * The versions of a record, the oldest first, that its readers know without asking anybody: who
   * was released earlier knows fewer of them. None: readers ask this registry, for any.
   *
   * @param recordName the full name
   */
  default List<RecordVersion> known(String recordName) {
    return List.of();
  }

  /** Frees connections. */
  @Override
  void close();

  /** Needs no server: the ids travel with this module. */
  static SchemaRegistry bundled() {
    return new BundledSchemas(RecordVersions.released());
  }

  /**
   * A registry which speaks Confluent's REST API.
   *
   * @param urls as in {@code schema.registry.url}: base URLs separated by commas, tried in order; a
   *     user and password for basic authentication may stand before the host
   * @throws IllegalArgumentException if there is no usable URL in it
   */
  static SchemaRegistry at(String urls) {
    return at(RegistrySettings.at(urls));
  }

  /** As {@link #at(String)}, with every setting. */
  static SchemaRegistry at(RegistrySettings settings) {
    return new RestSchemaRegistry(settings, SchemaRegistry.bundled());
  }

  /** The subject of a topic's values, after Confluent's TopicNameStrategy. */
  static String valueSubject(String topic) {
    return topic + "-value";
  }

  /** The subject of a topic's keys, likewise. */
  static String keySubject(String topic) {
    return topic + "-key";
  }
}
