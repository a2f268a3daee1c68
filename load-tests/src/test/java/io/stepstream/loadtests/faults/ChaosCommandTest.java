package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChaosCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int chaos(String... args) {
    return ChaosCommand.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--faults F-99 | there is no fault 'F-99'; take some of [F-01, F-02,",
        "--minutes -1 | --minutes must be between 0 and 1440, not -1",
        "--minutes x | 'x' is not an int",
        "--rate 0 | --rate must be between 1 and 500, not 0.0",
        "--rate 501 | --rate must be between 1 and 500, not 501.0",
        "--nodes 1 | --nodes must be between 2 and 5, not 1",
        "--seed x | 'x' is not a long",
        "--short --minutes 3 | --short has faults and time of its own",
        "--short --faults F-01 | --short has faults and time of its own",
        "--storm | --storm needs --minutes, and has faults of its own",
        "--storm --minutes 3 --faults F-01 | --storm needs --minutes, and has faults of its own",
        "--storm --short | --storm needs --minutes, and has faults of its own",
        "--previous no/such/directory | --previous must name a directory with quarkus-run.jar",
        "--faults F-17 | F-17 needs a packaged coordinator of an earlier version",
        "--report no/such/directory/table.md | --report must name a file in a directory that",
        "--twice | Unknown option: '--twice'",
      })
  void shouldSayWhatIsWrongWithTheCommandLine(String args, String message) {
    assertThat(chaos(args.split(" "))).isEqualTo(ChaosCommand.REFUSED);
    assertThat(err.toString())
        .contains("stepstream: ")
        .contains(message)
        .contains("See stepstream chaos --help.");
  }

  @Test
  void shouldSayThatThereIsNothingToStart() {
    assertThat(System.getProperty(ChaosCommand.APP)).isNull();
    assertThat(chaos("--seed", "1")).isEqualTo(ChaosCommand.REFUSED);
    assertThat(err.toString()).contains("There is no packaged coordinator").contains("mvn package");
  }

  @Test
  void shouldTellWhatItDoes() {
    assertThat(chaos("--help")).isEqualTo(ChaosCommand.CLEAN);
    assertThat(out.toString())
        .contains(
            "--faults", "--minutes", "--seed", "--storm", "--previous", "--short", "--report");
  }
}
