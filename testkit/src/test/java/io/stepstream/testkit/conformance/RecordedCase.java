package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One recorded case, a file of the conformance folder. */
public record RecordedCase(Map<?, ?> json) {

  /** The account that all cases were rewritten to. */
  public static final String ACCOUNT = "111111111111";

  private static final String TOLD = "arn:aws:states:us-east-1:" + ACCOUNT + ":";
  private static final String RECORDED = "dd-MM-yyyy";
  private static final DateTimeFormatter RECORDED_FORMAT = DateTimeFormatter.ofPattern(RECORDED);
  private static final Pattern TIME = Pattern.compile("\\{\\{now(?:\\+(\\d+)d)?}}");

  /** All cases of a conformance folder, in the order of their files. */
  public static List<RecordedCase> all(Path folder) throws IOException {
    List<RecordedCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("cases"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        cases.add(new RecordedCase((Map<?, ?>) tree(Files.readAllBytes(file))));
      }
    }
    return cases;
  }

  /** Decodes what is known to be JSON. */
  public static Object tree(byte[] json) {
    return switch (Json.decode(json)) {
      case Decoded.Tree(Object value) -> value;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }

  public String id() {
    return (String) json.get("id");
  }

  public String category() {
    return (String) json.get("category");
  }

  public String kind() {
    return (String) json.get("kind");
  }

  public List<?> needs() {
    return json.get("needs") instanceof List<?> needs ? needs : List.of();
  }

  /** An execution that needs no service but functions. */
  public boolean isSelfContained() {
    return kind().equals("execution") && List.of("none", "lambda").containsAll(needs());
  }

  /**
   * An execution that starts others and needs no service but functions besides. What a mock would
   * have answered tells nothing of nested executions.
   */
  public boolean isNested() {
    return kind().equals("execution")
        && needs().contains("sfn")
        && List.of("lambda", "sfn").containsAll(needs())
        && !json.containsKey("mockConfig");
  }

  public Map<?, ?> expect() {
    return object("expect");
  }

  /** The names of its functions, those that only an execution that it starts calls included. */
  public List<String> functions() {
    return list("lambdas").stream()
        .map(function -> String.valueOf(((Map<?, ?>) function).get("functionName")))
        .toList();
  }

  Map<?, ?> object(String field) {
    return json.get(field) instanceof Map<?, ?> object ? object : Map.of();
  }

  public List<?> list(String field) {
    return json.get(field) instanceof List<?> list ? list : List.of();
  }

  /** Whether the suite stopped the execution. */
  public boolean isStopped() {
    return list("driverCalls").stream()
        .anyMatch(call -> "stop_execution".equals(((Map<?, ?>) call).get("operation")));
  }

  public List<?> history() {
    return expect().get("history") instanceof List<?> events ? events : List.of();
  }

  boolean recordedFromAws() {
    return "aws".equals(json.get("recordedFrom"));
  }

  /** AWS can redrive executions since 15 November 2023, and describes them accordingly since. */
  boolean isOlderThanRedrive() {
    return object("source").get("recordedDate") instanceof String date
        && LocalDate.parse(date.substring(0, RECORDED.length()), RECORDED_FORMAT)
            .isBefore(LocalDate.of(2023, 11, 15));
  }

  boolean nondeterministic() {
    return Boolean.TRUE.equals(json.get("nondeterministic"));
  }

  public MachineType machineType() {
    // Refused definitions were recorded without their type, which their names tell then.
    Object type = json.get("stateMachineType");
    return "EXPRESS".equals(type) || type == null && id().contains("express")
        ? MachineType.EXPRESS
        : MachineType.STANDARD;
  }

  public String definition() {
    return json.get("definitionText") instanceof String text
        ? text
        : Json.encode(json.get("definition"));
  }

  public String machineName() {
    return json.get("stateMachineName") instanceof String name ? name : "machine";
  }

  String machineArn() {
    return TOLD + "stateMachine:" + machineName();
  }

  public String roleArn() {
    return json.get("roleArn") instanceof String role
        ? role
        : "arn:aws:iam::111111111111:role/snf-role";
  }

  /** The name that the bindings expect of the execution, {@code exuidN}. */
  public String executionName() {
    if (json.get("executionName") instanceof String name) {
      return name;
    }
    for (Object binding : bindings()) {
      if (((Map<?, ?>) binding).get("value") instanceof String value
          && value.matches("(exuid|xuidp)\\d+")) {
        return value;
      }
    }
    return "exuid1";
  }

  String executionArn() {
    return TOLD
        + (machineType() == MachineType.EXPRESS ? "express:" : "execution:")
        + machineName()
        + ":"
        + executionName()
        + (machineType() == MachineType.EXPRESS ? ":xuidq1" : "");
  }

  List<?> bindings() {
    return object("placeholders").get("bindings") instanceof List<?> all ? all : List.of();
  }

  List<?> ignored() {
    return object("placeholders").get("ignored") instanceof List<?> all ? all : List.of();
  }

  @Nullable Object input() {
    return json.get("input");
  }

  /**
   * The input as the suite passed it.
   *
   * @param now what inputs that speak of the present mean by it
   */
  public String inputText(Instant now) {
    Object input = input();
    return input == null
        ? "{}"
        : TIME.matcher(asPython(input)).replaceAll(found -> moment(found, now));
  }

  /** Python writes JSON with blanks; the first event keeps the text. */
  private static String asPython(Object json) {
    return switch (json) {
      case Map<?, ?> object ->
          object.entrySet().stream()
              .map(e -> Json.encode(e.getKey()) + ": " + asPython(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> array ->
          array.stream().map(RecordedCase::asPython).collect(Collectors.joining(", ", "[", "]"));
      default -> Json.encode(json);
    };
  }

  private static String moment(MatchResult found, Instant now) {
    long days = found.group(1) == null ? 0 : Long.parseLong(found.group(1));
    return now.plus(Duration.ofDays(days))
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace("Z", "");
  }
}
