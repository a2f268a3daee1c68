package io.stepstream.asl.parse;

import io.stepstream.asl.definition.Distributed.ItemReader;
import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.KafkaArguments;
import io.stepstream.asl.validate.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A distributed Map's {@code ItemReader}. */
final class ItemReaderParser {

  private static final Pattern READER =
      Pattern.compile("arn:[^:]+:states:::(s3:(getObject|listObjectsV2)|kafka:read)");
  private static final int MAX_ITEMS = 100_000_000;
  private static final List<String> INPUT_TYPES =
      List.of("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST");
  private static final List<String> CSV_FIELDS =
      List.of("CSVDelimiter", "CSVHeaderLocation", "CSVHeaders");
  private static final Set<String> CONFIG_FIELDS =
      Set.of(
          "InputType",
          "Transformation",
          "ManifestType",
          "CSVDelimiter",
          "CSVHeaderLocation",
          "CSVHeaders",
          "ItemsPointer",
          "MaxItems",
          "MaxItemsPath",
          "Comment");

  private static final Set<String> TOPIC_CONFIG_FIELDS =
      Set.of("MaxItems", "MaxItemsPath", "Comment");
  private static final String KAFKA = ":kafka:read";

  private final StateContext state;
  private final MapParser map;

  ItemReaderParser(StateContext state, MapParser map) {
    this.state = state;
    this.map = map;
  }

  @Nullable ItemReader parse() {
    Node.Struct node = state.fields().struct("ItemReader");
    if (node == null) {
      return null;
    }
    Fields reader = state.inner(node);
    String source = state.isJsonata() ? "Arguments" : "Parameters";
    reader.allow(Set.of("Resource", source, "ReaderConfig", "Comment"));
    reader.require("Resource");
    String resource = reader.text("Resource");
    if (resource != null && !READER.matcher(resource).matches()) {
      state
          .problems()
          .schema(
              reader.get("Resource"),
              "The field 'Resource' does not match any of the allowed values");
    }
    if (resource != null && resource.endsWith(KAFKA)) {
      return topic(reader, resource, source);
    }
    Expression arguments = state.expressions().payload(reader.get(source));
    Node.Struct configNode = reader.struct("ReaderConfig");
    ReaderConfig config = configNode == null ? ReaderConfig.NONE : config(state.inner(configNode));
    return resource == null ? null : new ItemReader(resource, arguments, config);
  }

  /** Its records are items as they are: of ReaderConfig only MaxItems is left. */
  private ItemReader topic(Fields reader, String resource, String source) {
    reader.require(source);
    KafkaArguments.checkReader(reader.get(source), state.problems());
    Expression arguments = state.expressions().payload(reader.get(source));
    Node.Struct node = reader.struct("ReaderConfig");
    Expression maxItems = null;
    if (node != null) {
      Fields config = state.inner(node);
      config.allow(TOPIC_CONFIG_FIELDS);
      maxItems = map.numberOrPath(config, "MaxItems", Range.integer(0, MAX_ITEMS));
    }
    return new ItemReader(
        resource, arguments, new ReaderConfig(null, null, null, null, null, null, maxItems));
  }

  private ReaderConfig config(Fields config) {
    config.allow(CONFIG_FIELDS);
    String inputType = config.text("InputType", INPUT_TYPES);
    String transformation = config.text("Transformation", List.of("NONE", "LOAD_AND_FLATTEN"));
    String manifestType = config.text("ManifestType", List.of("ATHENA_DATA", "S3_INVENTORY"));
    String delimiter =
        config.text("CSVDelimiter", List.of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"));
    String headers = config.text("CSVHeaderLocation", List.of("FIRST_ROW", "GIVEN"));
    String pointer = config.text("ItemsPointer");
    List<Node> names = config.items("CSVHeaders");
    List<String> given = new ArrayList<>();
    if (names != null) {
      for (Node name : names) {
        String text = config.text(name);
        if (text != null) {
          given.add(text);
        }
      }
    }
    Expression maxItems = map.numberOrPath(config, "MaxItems", Range.integer(0, MAX_ITEMS));
    if ("CSV".equals(inputType) && !config.has("CSVHeaderLocation")) {
      state.problems().schema(config.node(), Wording.requiredField("CSVHeaderLocation"));
    }
    if ("JSON".equals(inputType) || "JSONL".equals(inputType) || "PARQUET".equals(inputType)) {
      for (String field : CSV_FIELDS) {
        if (config.has(field)) {
          state.problems().schemaOfField(config.node(), field, Wording.notSupported(field));
        }
      }
    }
    if ("GIVEN".equals(headers)) {
      config.require("CSVHeaders");
    }
    return new ReaderConfig(
        inputType,
        transformation,
        manifestType,
        delimiter,
        "GIVEN".equals(headers) ? given : null,
        pointer,
        maxItems);
  }
}
