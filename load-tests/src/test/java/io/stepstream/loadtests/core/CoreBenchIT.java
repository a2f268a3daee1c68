package io.stepstream.loadtests.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls each benchmark once, in this JVM. Says nothing about how fast. */
final class CoreBenchIT {

  private static final String[] IN_BOTH_LANGUAGES = {
    "execution.fiveStates",
    "execution.fiveStatesWithOrder",
    "step.choice",
    "step.pass",
    "step.succeed",
    "step.taskResult",
    "step.taskStart",
  };

  private static final String[] PARSE = {"parse.large", "parse.small", "parse.smallJsonata"};

  /** JMH refuses to run beside another JMH on the machine, which can't disturb a smoke test. */
  @BeforeAll
  static void allowAnotherBesideIt() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @AfterAll
  static void restore() {
    System.clearProperty("jmh.ignoreLock");
  }

  @Test
  void shouldRunEveryBenchmarkAndTellWhatItAllocates() throws Exception {
    CoreReport report = CoreBench.run(CoreSettings.SMOKE);

    assertThat(report.figures())
        .allSatisfy(
            figure -> {
              assertThat(figure.perSecond()).as(figure.name()).isPositive();
              assertThat(figure.bytes()).as(figure.name()).isPositive();
            });
    JsonNode json = new ObjectMapper().readTree(report.json());
    assertThat(json.path("scenario").asText()).isEqualTo("core");
    for (String name : PARSE) {
      assertThat(json.path("benchmarks")).as(name).filteredOn(each -> is(each, name)).hasSize(1);
      assertThat(report.table()).contains(name);
    }
    for (String name : IN_BOTH_LANGUAGES) {
      assertThat(json.path("benchmarks"))
          .as(name)
          .filteredOn(each -> is(each, name))
          .extracting(each -> each.path("language").asText())
          .containsExactlyInAnyOrder("JSONPath", "JSONata");
    }
    assertThat(json.path("benchmarks")).hasSize(PARSE.length + 2 * IN_BOTH_LANGUAGES.length);
  }

  private static boolean is(JsonNode benchmark, String name) {
    return benchmark.path("name").asText().equals(name);
  }
}
