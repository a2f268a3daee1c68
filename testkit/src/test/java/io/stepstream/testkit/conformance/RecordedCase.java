package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One recorded case, a file of the conformance folder. */
record RecordedCase(Map<?, ?> json) {

  private static final String TOLD = "arn:aws:states:us-east-1:111111111111:";

  static List<RecordedCase> all(Path folder) throws IOException {
    List<RecordedCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("cases"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        cases.add(new RecordedCase((Map<?, ?>) tree(Files.readAllBytes(file))));
      }
    }
    return cases;
  }

  static Object tree(byte[] json) {
    return switch (Json.decode(json)) {
      case Decoded.Tree(Object value) -> value;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }

  String id() {
    return (String) json.get("id");
  }

  String category() {
    return (String) json.get("category");
  }

  String kind() {
    return (String) json.get("kind");
  }

  List<?> needs() {
    return json.get("needs") instanceof List<?> needs ? needs : List.of();
  }

  Map<?, ?> expect() {
    return object("expect");
  }

  Map<?, ?> object(String field) {
    return json.get(field) instanceof Map<?, ?> object ? object : Map.of();
  }

  List<?> list(String field) {
    return json.get(field) instanceof List<?> list ? list : List.of();
  }

  List<?> history() {
    return expect().get("history") instanceof List<?> events ? events : List.of();
  }

  boolean recordedFromAws() {
    return "aws".equals(json.get("recordedFrom"));
  }

  boolean nondeterministic() {
    return Boolean.TRUE.equals(json.get("nondeterministic"));
  }

  MachineType machineType() {
    return "EXPRESS".equals(json.get("stateMachineType")) || id().contains("express")
        ? MachineType.EXPRESS
        : MachineType.STANDARD;
  }

  String definition() {
    return json.get("definitionText") instanceof String text
        ? text
        : Json.encode(json.get("definition"));
  }

  String machineName() {
    return json.get("stateMachineName") instanceof String name ? name : "machine";
  }

  String machineArn() {
    return TOLD + "stateMachine:" + machineName();
  }

  String roleArn() {
    return json.get("roleArn") instanceof String role
        ? role
        : "arn:aws:iam::111111111111:role/snf-role";
  }

  /** The name that the bindings expect of the execution, {@code exuidN}. */
  String executionName() {
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
}
