package io.stepstream.asl.validate;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of Stepstream's own integration with Kafka. AWS checks no arguments before they are
 * used; these are ours, and one that is misspelt would read a topic from its beginning.
 */
public final class KafkaArguments {

  private static final Pattern RESOURCE =
      Pattern.compile("arn:[^:]+:states:::kafka:(publish|read)(\\.waitForTaskToken)?");

  private static final Set<String> READER =
      Set.of(
          "Connection",
          "Topic",
          "Partition",
          "Partitions",
          "FromOffset",
          "FromOffsets",
          "FromTimestamp",
          "ToOffset",
          "ToOffsets",
          "ToTimestamp",
          "KeyFormat",
          "ValueFormat");

  private static final Map<String, Set<String>> TASKS =
      Map.of(
          "publish",
          Set.of(
              "Connection",
              "Topic",
              "Key",
              "KeyFormat",
              "KeySchemaId",
              "Value",
              "ValueFormat",
              "ValueSchemaId",
              "Headers",
              "Partition",
              "Timestamp"),
          "read",
          Stream.concat(READER.stream(), Stream.of("MaxRecords", "MaxWaitSeconds"))
              .collect(Collectors.toUnmodifiableSet()));

  private static final Map<String, List<String>> REQUIRED =
      Map.of("publish", List.of("Topic", "Value"), "read", List.of("Topic"));

  private static final Set<String> WRITER = Set.of("Connection", "Topic", "Headers");

  private KafkaArguments() {}

  /** Reports what a Task with that Resource doesn't take or lacks; of another, nothing. */
  public static void checkTask(@Nullable Node arguments, String resource, Problems problems) {
    Matcher matcher = RESOURCE.matcher(resource);
    if (matcher.matches()) {
      String action = matcher.group(1);
      check(arguments, action, TASKS.get(action), REQUIRED.get(action), problems);
    }
  }

  /** Reports what an ItemReader doesn't take or lacks. */
  public static void checkReader(@Nullable Node arguments, Problems problems) {
    check(arguments, "read", READER, List.of("Topic"), problems);
  }

  /** Reports what a ResultWriter doesn't take or lacks: it makes keys and values itself. */
  public static void checkWriter(@Nullable Node arguments, Problems problems) {
    check(arguments, "publish as a ResultWriter", WRITER, List.of("Topic"), problems);
  }

  /** What an expression gives is known at run time only. */
  private static void check(
      @Nullable Node arguments,
      String action,
      Set<String> known,
      List<String> required,
      Problems problems) {
    if (!(arguments instanceof Node.Struct given)) {
      return;
    }
    for (String field : given.members().keySet()) {
      if (!known.contains(name(field))) {
        problems.schemaOfField(
            given,
            field,
            "kafka:%s has no argument '%s', but: %s"
                .formatted(action, name(field), String.join(", ", new TreeSet<>(known))));
      }
    }
    for (String field : required) {
      if (!given.has(field) && !given.has(field + ".$")) {
        problems.schema(given, Wording.requiredField(field));
      }
    }
  }

  private static String name(String field) {
    return field.endsWith(".$") ? field.substring(0, field.length() - 2) : field;
  }
}
