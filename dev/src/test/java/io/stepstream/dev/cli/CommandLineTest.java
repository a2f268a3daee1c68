package io.stepstream.dev.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.broker.LoopbackPorts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands refuse, and how they say so. */
final class CommandLineTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                      | A command is missing",
        "fly                                     | fly",
        "run                                     | FILE",
        "run a.json --type FAST                  | --type",
        "run a.json --unknown                    | --unknown",
        "run no/such.asl.json                    | There is no file no/such.asl.json",
        "validate                                | FILE",
        "validate no/such.asl.json               | There is no file no/such.asl.json",
        "dev --port many                         | --port",
        "dev --port 70000                        | --port is 70000",
        "dev --partitions 0                      | --partitions is 0",
        "dev --kafka-port -1                     | --kafka-port is -1",
        "doctor --endpoint localhost:8333        | --endpoint is 'localhost:8333'",
        "doctor --kafka-config no/such           | --kafka-config no/such",
        "support-bundle                          | --out",
        "grow --partitions 8                     | --bootstrap-servers is missing",
        "grow --bootstrap-servers x:1            | --partitions",
        "grow --bootstrap-servers x:1 --partitions 0   | --partitions is 0",
        "grow --bootstrap-servers 127.0.0.1:1 --partitions 8 --kafka-config no/such | no/such",
      })
  void shouldRefuseBadUsageInOneSentence(String arguments, String names) {
    int exit = execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("stepstream: ").contains(names).hasLineCount(1);
  }

  @Test
  void shouldRefuseAnInputThatIsNotJsonBeforeAnythingStarts() throws Exception {
    int exit = execute("run", machine(), "--input", "{oops}");

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).contains("line 1, column 2").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldRefuseAnEndpointThatIsNoUrl() throws Exception {
    assertThat(execute("run", machine(), "--endpoint", "localhost:8333")).isEqualTo(2);
    assertThat(err.toString()).contains("--endpoint is 'localhost:8333'").hasLineCount(1);
  }

  @Test
  void shouldSayThatNobodyAnswersAtTheEndpoint() throws Exception {
    String endpoint = "http://127.0.0.1:" + LoopbackPorts.free();

    assertThat(execute("run", machine(), "--endpoint", endpoint)).isEqualTo(2);
    assertThat(err.toString())
        .contains("No Step Functions API answers at " + endpoint)
        .contains("./stepstream dev")
        .hasLineCount(1);
  }

  @Test
  void shouldRefuseAPortInUseAndNameTheOptionThatChoosesAnother() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(other.getLocalPort());

      assertThat(execute("dev", "--port", port, "--kafka-port", "0")).isEqualTo(2);
      assertThat(err.toString())
          .contains("Port " + port + " of 127.0.0.1")
          .contains("--port")
          .hasLineCount(1);
      assertThat(out.toString()).isEmpty();
    }
  }

  @Test
  void shouldRefuseADataDirectoryOfAnotherVersion() throws Exception {
    Files.writeString(directory.resolve("stepstream.properties"), "layout=99\nkafka=9.9.9\n");

    assertThat(execute("dev", "--port", "0", "--data-dir", directory.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("layout 99 of another version").hasLineCount(1);
  }

  @Test
  void shouldMakeAKeyAndTellItApartFromWhatIsKept() throws Exception {
    assertThat(
            execute(
                "keys", "create", "--user", "ci", "--group", "a", "--group", "b", "--days", "30"))
        .isZero();

    JsonNode entry = new ObjectMapper().readTree(out.toString());
    String key = err.toString().strip();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    assertThat(key).startsWith("ssk_" + entry.path("id").asText() + "_");
    assertThat(entry.path("sha256").asText()).isEqualTo(HexFormat.of().formatHex(hash));
    assertThat(entry.path("user").asText()).isEqualTo("ci");
    assertThat(entry.path("groups").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(Instant.parse(entry.path("expires").asText()))
        .isBetween(
            Instant.now().plus(Duration.ofDays(30)).minusSeconds(60),
            Instant.now().plus(Duration.ofDays(30)));
    assertThat(out.toString()).doesNotContain(key);
  }

  @Test
  void shouldSayWhatAKeyNeeds() {
    assertThat(execute("keys")).isEqualTo(2);
    assertThat(execute("keys", "create")).isEqualTo(2);
    assertThat(execute("keys", "create", "--user", "u", "--days", "0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("A command is missing: create")
        .contains("--user")
        .contains("--days is 0");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldExplainEachCommandOnRequest() {
    for (String command :
        new String[] {"run", "dev", "validate", "doctor", "grow", "support-bundle", "keys"}) {
      assertThat(execute(command, "--help")).isZero();
      assertThat(out.toString()).contains("Usage: stepstream " + command);
    }
    assertThat(err.toString()).isEmpty();
  }

  private String machine() throws Exception {
    return Files.writeString(
            directory.resolve("machine.asl.json"),
            "{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}")
        .toString();
  }

  private int execute(String... args) {
    return new CommandLineInterface(new PrintWriter(out), new PrintWriter(err), false)
        .execute(args);
  }
}
