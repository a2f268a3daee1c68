package io.stepstream.asl.parse;

import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.Distributed.ItemBatcher;
import io.stepstream.asl.definition.Distributed.ResultWriter;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.KafkaArguments;
import io.stepstream.asl.validate.Wording;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code ProcessorConfig} and the fields of a Map state that only Mode DISTRIBUTED has. */
final class DistributedParser {

  private static final List<String> MODES = List.of("INLINE", "DISTRIBUTED");
  private static final List<String> EXECUTION_TYPES = List.of("STANDARD", "EXPRESS");
  private static final Set<String> CONFIG_FIELDS = Set.of("Mode", "ExecutionType", "Comment");
  private static final List<String> ONLY_DISTRIBUTED =
      List.of(
          "ItemReader",
          "ItemBatcher",
          "ResultWriter",
          "Label",
          "ToleratedFailureCount",
          "ToleratedFailureCountPath",
          "ToleratedFailurePercentage",
          "ToleratedFailurePercentagePath");
  private static final List<String> BATCH_LIMITS =
      List.of(
          "MaxItemsPerBatch",
          "MaxItemsPerBatchPath",
          "MaxInputBytesPerBatch",
          "MaxInputBytesPerBatchPath");
  private static final Pattern WRITER =
      Pattern.compile("arn:[^:]+:states:::(s3:putObject|kafka:publish)");
  private static final String KAFKA = ":kafka:publish";
  private static final int MAX_BATCH_BYTES = 262_144;

  private final StateContext state;
  private final MapParser map;
  private final Fields fields;

  DistributedParser(StateContext state, MapParser map) {
    this.state = state;
    this.map = map;
    this.fields = state.fields();
  }

  /** Null for the inline mode. */
  @Nullable Distributed parse(Node.Struct processor) {
    Node.Struct config = state.inner(processor).struct("ProcessorConfig");
    String mode = "INLINE";
    String executionType = null;
    if (config != null) {
      Fields configFields = state.inner(config);
      configFields.allow(CONFIG_FIELDS);
      String given = configFields.text("Mode", MODES);
      mode = given == null ? "INLINE" : given;
      executionType = configFields.text("ExecutionType", EXECUTION_TYPES);
      checkExecutionType(configFields, mode);
    }
    Distributed distributed =
        new Distributed(
            "EXPRESS".equals(executionType),
            fields.text("Label"),
            new ItemReaderParser(state, map).parse(),
            itemBatcher(),
            resultWriter(),
            map.numberOrPath("ToleratedFailureCount", Range.integerFrom(0)),
            map.numberOrPath("ToleratedFailurePercentage", Range.decimal(0.0, 100.0)));
    if (mode.equals("INLINE")) {
      warnOfInline();
      return null;
    }
    return distributed;
  }

  private void checkExecutionType(Fields config, String mode) {
    if (mode.equals("DISTRIBUTED")) {
      config.require("ExecutionType");
    } else if (config.has("ExecutionType")) {
      state
          .problems()
          .schemaOfField(config.node(), "ExecutionType", Wording.notSupported("ExecutionType"));
    }
  }

  /** AWS takes these fields in every mode and doesn't use them. */
  private void warnOfInline() {
    for (String field : ONLY_DISTRIBUTED) {
      if (fields.has(field)) {
        state
            .problems()
            .doubtfulField(
                fields.node(),
                field,
                "Field '" + field + "' has no effect without the mode 'DISTRIBUTED'");
      }
    }
  }

  private @Nullable ItemBatcher itemBatcher() {
    Node.Struct node = fields.struct("ItemBatcher");
    if (node == null) {
      return null;
    }
    Fields batcher = state.inner(node);
    batcher.allow(
        Set.of(
            "MaxItemsPerBatch",
            "MaxItemsPerBatchPath",
            "MaxInputBytesPerBatch",
            "MaxInputBytesPerBatchPath",
            "BatchInput",
            "Comment"));
    if (BATCH_LIMITS.stream().noneMatch(batcher::has)) {
      state
          .problems()
          .schema(
              node,
              "At least one of the following fields is required: "
                  + "[MaxItemsPerBatch, MaxInputBytesPerBatch]");
    }
    Expression items = map.numberOrPath(batcher, "MaxItemsPerBatch", Range.integerFrom(0));
    Expression bytes =
        map.numberOrPath(batcher, "MaxInputBytesPerBatch", Range.integer(0, MAX_BATCH_BYTES));
    return new ItemBatcher(items, bytes, state.expressions().payload(batcher.get("BatchInput")));
  }

  private @Nullable ResultWriter resultWriter() {
    Node.Struct node = fields.struct("ResultWriter");
    if (node == null) {
      return null;
    }
    Fields writer = state.inner(node);
    String destination = state.isJsonata() ? "Arguments" : "Parameters";
    writer.allow(Set.of("Resource", destination, "WriterConfig", "Comment"));
    if (!writer.has("Resource") && !writer.has("WriterConfig")) {
      writer.require("Resource");
    }
    if (writer.has("Resource") != writer.has(destination)) {
      writer.require("Resource", destination);
    }
    String resource = writer.text("Resource");
    if (resource != null && !WRITER.matcher(resource).matches()) {
      state
          .problems()
          .schema(
              writer.get("Resource"),
              "The field 'Resource' does not match any of the allowed values");
    }
    boolean publishes = resource != null && resource.endsWith(KAFKA);
    if (publishes) {
      KafkaArguments.checkWriter(writer.get(destination), state.problems());
    }
    Expression arguments = state.expressions().payload(writer.get(destination));
    Node.Struct configNode = writer.struct("WriterConfig");
    if (configNode == null) {
      return new ResultWriter(resource, arguments, null, null);
    }
    Fields config = state.inner(configNode);
    // A record is one result: there are no lines or arrays of them.
    config.allow(
        publishes
            ? Set.of("Transformation", "Comment")
            : Set.of("Transformation", "OutputType", "Comment"));
    config.require("Transformation");
    if (!publishes) {
      config.require("OutputType");
    }
    return new ResultWriter(
        resource,
        arguments,
        config.text("Transformation", List.of("NONE", "COMPACT", "FLATTEN")),
        config.text("OutputType", List.of("JSON", "JSONL")));
  }
}
