package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only a Map state with {@code ProcessorConfig.Mode} DISTRIBUTED has. Absent fields are null.
 *
 * @param express true: the child executions are Express
 */
public record Distributed(
    boolean express,
    @Nullable String label,
    @Nullable ItemReader itemReader,
    @Nullable ItemBatcher itemBatcher,
    @Nullable ResultWriter resultWriter,
    @Nullable Expression toleratedFailureCount,
    @Nullable Expression toleratedFailurePercentage) {

  /**
   * Where the items are read from.
   *
   * @param resource the action that reads: {@code …:s3:getObject}, {@code …:s3:listObjectsV2} or
   *     {@code …:kafka:read}
   * @param arguments Parameters or Arguments; they give an object
   */
  public record ItemReader(String resource, @Nullable Expression arguments, ReaderConfig config) {}

  /**
   * How the bytes that were read become items; the texts are those of the definition.
   *
   * @param csvHeaders those that the definition gives; null: they are the first row
   * @param maxItems 0 and null: all
   */
  public record ReaderConfig(
      @Nullable String inputType,
      @Nullable String transformation,
      @Nullable String manifestType,
      @Nullable String csvDelimiter,
      @Nullable List<String> csvHeaders,
      @Nullable String itemsPointer,
      @Nullable Expression maxItems) {

    /** A reader without ReaderConfig. */
    public static final ReaderConfig NONE =
        new ReaderConfig(null, null, null, null, null, null, null);

    public ReaderConfig {
      csvHeaders = csvHeaders == null ? null : List.copyOf(csvHeaders);
    }
  }

  /** Several items become the input of one child execution. */
  public record ItemBatcher(
      @Nullable Expression maxItemsPerBatch,
      @Nullable Expression maxInputBytesPerBatch,
      @Nullable Expression batchInput) {}

  /**
   * What becomes of the children's results.
   *
   * @param resource the action that writes them, {@code …:s3:putObject} or {@code …:kafka:publish};
   *     null: they become the state's result
   * @param arguments Parameters or Arguments; they give an object
   * @param transformation NONE, COMPACT or FLATTEN; null: the default
   * @param outputType JSON or JSONL; null: JSON
   */
  public record ResultWriter(
      @Nullable String resource,
      @Nullable Expression arguments,
      @Nullable String transformation,
      @Nullable String outputType) {

    /** Whether each result becomes a record of a topic. */
    public boolean publishes() {
      return resource != null && resource.endsWith(":kafka:publish");
    }
  }
}
