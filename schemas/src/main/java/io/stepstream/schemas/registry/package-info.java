/**
 * Ids for schemas and schemas for ids, behind the port {@link
 * io.stepstream.schemas.registry.SchemaRegistry}.
 *
 * <p>The <em>bundled</em> adapter needs no server: each released version of a record has a fixed id
 * which travels with this module ({@link io.stepstream.schemas.registry.RecordVersions}). The
 * <em>registry</em> adapter speaks Confluent's REST API, as Confluent's own server, Apicurio
 * Registry ({@code /apis/ccompat/v7}), Karapace and Redpanda serve it, and knows the bundled ids
 * too: records which were written before a registry was set up stay readable.
 *
 * <p>Invariants: an id never changes its meaning. "Unknown id" is an answer and a value, "cannot
 * ask" is an exception, because the first puts a record aside for good and the second must not.
 *
 * <p>Who would rather use Confluent's client: the records are plain Avro classes, and the profile
 * {@code confluent} of this module's pom adds {@code io.confluent:kafka-avro-serializer}.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.registry;
