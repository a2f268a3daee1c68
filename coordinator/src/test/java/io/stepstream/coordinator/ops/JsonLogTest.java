package io.stepstream.coordinator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.Formatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;

/** Lines of the console as the application's configuration makes them, where JSON is asked for. */
@QuarkusTest
@TestProfile(JsonLogTest.WithJson.class)
class JsonLogTest {

  /** As QUARKUS_LOG_CONSOLE_JSON_ENABLED says it. */
  public static final class WithJson implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.log.console.json.enabled", "true");
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HOSTILE =
      "a\nb\r\nc\td\u0000e\u001b[31mf\"g\\h\u2028i\u0085j\ud800k {\"level\":\"ERROR\"} %s {}";

  private static String line(ExtLogRecord record) {
    Formatter formatter =
        Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
            .filter(ConsoleHandler.class::isInstance)
            .findFirst()
            .orElseThrow()
            .getFormatter();
    return formatter.format(record);
  }

  private static ExtLogRecord record(String message) {
    ExtLogRecord record = new ExtLogRecord(Level.WARN, message, JsonLogTest.class.getName());
    record.setLoggerName("io.stepstream.Some");
    return record;
  }

  private static JsonNode onlyObject(String line) throws Exception {
    assertThat(line).endsWith("\n");
    assertThat(line.strip()).as("one line").doesNotContain("\n").doesNotContain("\r");
    return JSON.readTree(line);
  }

  @Test
  void shouldMakeOneObjectOfWhateverIsSaid() throws Exception {
    JsonNode entry = onlyObject(line(record(HOSTILE)));

    // A half of a surrogate pair is no character and becomes another one.
    assertThat(entry.get("message").asText().replaceAll("j.k", "j?k"))
        .isEqualTo(HOSTILE.replace('\ud800', '?'));
    assertThat(entry.get("level").asText()).isEqualTo("WARN");
    assertThat(entry.get("loggerName").asText()).isEqualTo("io.stepstream.Some");
    assertThat(entry.get("timestamp").asText()).isNotBlank();
  }

  @Test
  void shouldKeepAStackTraceOnTheLine() throws Exception {
    ExtLogRecord record = record("broken");
    record.setThrown(new IllegalStateException(HOSTILE, new RuntimeException("its\ncause")));

    JsonNode entry = onlyObject(line(record));

    String trace = entry.get("stackTrace").asText();
    assertThat(trace).contains("IllegalStateException").contains("its\ncause");
    assertThat(trace).contains(JsonLogTest.class.getName());
  }

  @Test
  void shouldTellWhoseTheLineIs() throws Exception {
    ExtLogRecord record = record("x");
    record.putMdc("executionArn", "arn:\n\"a\"");

    assertThat(onlyObject(line(record)).at("/mdc/executionArn").asText()).isEqualTo("arn:\n\"a\"");
  }
}
