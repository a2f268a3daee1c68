package io.stepstream.dev.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The alerts, by Prometheus' own tool where it is installed. */
class AlertsTest {

  @Test
  void shouldBeValidRules() throws Exception {
    Promtool.Answer answer = Promtool.run("check", "rules", OperationsFiles.RULES.toString());

    assertThat(answer.exit()).as(answer.text()).isZero();
  }

  @Test
  void shouldFireOnWhatShowsTheTroubleAndNotOnAClusterThatIsWell() throws Exception {
    Promtool.Answer answer = Promtool.run("test", "rules", OperationsFiles.RULE_TESTS.toString());

    assertThat(answer.exit()).as(answer.text()).isZero();
  }

  /** Of what the tool is given, not that it has run it. */
  @Test
  void shouldEachBeTestedBothWays() throws IOException {
    Set<String> alerts = new TreeSet<>();
    OperationsFiles.alerts().forEach(alert -> alerts.add(alert.get("alert").asText()));
    Set<String> fire = new TreeSet<>();
    Set<String> rest = new TreeSet<>();
    for (JsonNode test : OperationsFiles.ruleTests().get("tests")) {
      for (JsonNode one : test.get("alert_rule_test")) {
        (one.get("exp_alerts").isEmpty() ? rest : fire).add(one.get("alertname").asText());
      }
    }

    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(fire).isEqualTo(alerts);
    assertThat(rest).isEqualTo(alerts);
  }

  @Test
  void shouldEachSayWhatToDo() throws IOException {
    List<String> without = new ArrayList<>();
    for (JsonNode alert : OperationsFiles.alerts()) {
      String name = alert.get("alert").asText();
      assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
      assertThat(alert.at("/annotations/description").asText()).as(name).isNotBlank();
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
      assertThat(alert.at("/annotations/runbook_url").asText())
          .isEqualTo(
              "https://github.com/stepstream/stepstream/blob/main/docs/runbooks/" + name + ".md");
      if (!Files.exists(OperationsFiles.RUNBOOKS.resolve(name + ".md"))) {
        without.add(name);
      }
    }
    assumeTrue(Files.isDirectory(OperationsFiles.RUNBOOKS), "there are no runbooks");
    assertThat(without).as("alerts without a page").isEmpty();
  }
}
