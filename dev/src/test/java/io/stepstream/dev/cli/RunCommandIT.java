package io.stepstream.dev.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.testkit.StepstreamProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} with everything embedded, as a process: what a newcomer types first. */
final class RunCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of(System.getProperty("stepstream.examples"));

  @TempDir private Path directory;

  @Test
  void shouldPrintTheOutputAloneOnStandardOutputAndTheProgressOnStandardError() throws Exception {
    Path example = EXAMPLES.resolve("order-fulfilment");
    try (StepstreamProcess run =
        StepstreamProcess.start(
            directory,
            "run",
            example.resolve("machine.asl.json").toString(),
            "--input",
            "@" + example.resolve("input.json"))) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).hasLineCount(1);
      assertThat(JSON.readTree(run.out())).isEqualTo(json(example.resolve("output.json")));
      assertThat(run.err())
          .contains("> ValidateOrder  Task")
          .contains("~ ReserveAndCharge/ChargePayment  retry 1 after")
          .contains("~ ReserveAndCharge/ChargePayment  retry 2 after")
          .contains("ReserveAndCharge/ReserveLines[2]/ReserveStock")
          .contains("< AwaitPicking")
          .contains("= order-fulfilment  succeeded");
    }
  }

  @Test
  void shouldExitWith1AndTellErrorAndCauseInTheLastLine() throws Exception {
    try (StepstreamProcess run =
        StepstreamProcess.start(
            directory,
            "run",
            EXAMPLES.resolve("order-fulfilment/machine.asl.json").toString(),
            "--input",
            "{\"orderId\": \"O-3\", \"lines\": []}")) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines().toList().getLast())
          .isEqualTo("{\"error\":\"Orders.Invalid\",\"cause\":\"The order has no lines\"}");
    }
  }

  @Test
  void shouldRunAnExpressMachine() throws Exception {
    Path example = EXAMPLES.resolve("price-quote");
    try (StepstreamProcess run =
        StepstreamProcess.start(
            directory,
            "run",
            example.resolve("machine.asl.json").toString(),
            "--type",
            "EXPRESS",
            "--input",
            "@" + example.resolve("input.json"))) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(JSON.readTree(run.out())).isEqualTo(json(example.resolve("output.json")));
      assertThat(run.err()).contains("> QuotePrice  Task").contains("< Quoted");
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }
}
