package io.stepstream.schemas.topic;

/**
 * The headers of a CloudEvent in Kafka's binary mode. All values are UTF-8.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding</a>
 */
public final class CloudEventHeaders {

  public static final String SPEC_VERSION = "ce_specversion";

  /** Unique per source; the same event sent twice has the same id. */
  public static final String ID = "ce_id";

  public static final String SOURCE = "ce_source";
  public static final String TYPE = "ce_type";
  public static final String SUBJECT = "ce_subject";

  /** RFC 3339, in UTC. */
  public static final String TIME = "ce_time";

  public static final String DATA_SCHEMA = "ce_dataschema";

  /** The W3C trace context, by CloudEvents' distributed tracing extension. */
  public static final String TRACE_PARENT = "ce_traceparent";

  /** Kafka's header for the event's {@code datacontenttype}: without the prefix. */
  public static final String CONTENT_TYPE = "content-type";

  /** The value of {@link #SPEC_VERSION}. */
  public static final String VERSION_1 = "1.0";

  /** The value of {@link #CONTENT_TYPE}: Avro behind Confluent's prefix. */
  public static final String AVRO = "application/vnd.confluent.avro";

  /** The value of {@link #TYPE} on the topic of completions. */
  public static final String EXECUTION_COMPLETED = "io.stepstream.execution.completed";

  private CloudEventHeaders() {}
}
