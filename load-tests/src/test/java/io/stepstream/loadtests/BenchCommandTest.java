package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... args) {
    return BenchCommand.execute(new PrintWriter(out), new PrintWriter(err), args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "express-task --seconds 0 | --seconds must be between 1 and 3600, not 0",
        "express-task --seconds 3601 | --seconds must be between 1 and 3600, not 3601",
        "express-task --warm-up -1 | --warm-up must be between 0 and 3600, not -1",
        "express-task --in-flight 0 | --in-flight must be between 1 and 100000, not 0",
        "express-task --partitions 65 | --partitions must be between 1 and 64, not 65",
        "express-task --payload-bytes 10 | --payload-bytes must be between 11 and 262144, not 10",
        "express-task --seconds x | 'x' is not an int",
        "fast-task | there is no scenario 'fast-task'; take one of [express-task, standard-task",
        "map-1k --items 0 | --items must be between 1 and 10000000, not 0",
        "map-1k --repeats 101 | --repeats must be between 1 and 100, not 101",
        "express-task --items 5 | --items means nothing to express-task",
        "timers-50k --repeats 5 | --repeats means nothing to timers-50k",
        "latency --items 5 | --items means nothing to latency",
        "mixed --repeats 5 | --repeats means nothing to mixed",
        "all | Missing required option: '--report=FILE'",
        "all --report no/such/directory/page.html | --report must name a file in a directory that",
        "all --report page.html --seconds 0 | --seconds must be between 1 and 3600, not 0",
        "all --report page.html --warm-up 3601 | --warm-up must be between 0 and 3600, not 3601",
        "autoscale | Missing required option: '--report=FILE.svg'",
        "autoscale --report a.svg --seconds 19 | --seconds must be between 20 and 3600, not 19",
        "autoscale --report a.svg --peak 0 | --peak must be between 1 and 100, not 0",
        "growth | Missing required option: '--report=FILE'",
        "growth --report no/such/directory/page.html | --report must name a file in a directory",
        "growth --report page.html --open 0 | --open must be between 1 and 10000000, not 0",
        "growth --report page.html --section x | there is no section 'x'; take one of [express-",
        "express-task --streams linger | should be in KEY=VALUE format but was linger",
        "express-task --twice | Unknown option: '--twice'",
        "peers --seconds 0 | --seconds must be between 1 and 3600, not 0",
        "peers --warm-up 3601 | --warm-up must be between 0 and 3600, not 3601",
        "peers --peers zeebe,camunda | there is no peer 'camunda'; take some of [zeebe, zeebe-3,",
        "peers --report no/such/directory/page.md | --report must name a file in a directory that",
        "core --seconds 5 | Unknown options: '--seconds', '5'",
        "scaling --quota 4 | --quota must be between 5 and 100, not 4",
        "scaling --quota 101 | --quota must be between 5 and 100, not 101",
        "scaling --coordinators 1,0 | --coordinators must be between 1 and 12, not 0",
        "scaling --coordinators 17 --partitions 24 | --coordinators must be between 1 and 16, not"
            + " 17",
        "scaling --coordinators 5 --partitions 4 | --coordinators must be between 1 and 4, not 5",
        "scaling --coordinators two | 'two' is not an int",
        "scaling --partitions 65 | --partitions must be between 1 and 64, not 65",
        "scaling --seconds 0 | --seconds must be between 1 and 3600, not 0",
        "scaling --warm-up -1 | --warm-up must be between 0 and 3600, not -1",
        "scaling --scenario express-pass | there is no scenario 'express-pass' here; take one of",
        "\"\" | Missing required parameter: 'SCENARIO'"
      })
  void shouldRefuseBadUsageInOneSentence(String args, String message) {
    int exit = args.isEmpty() ? bench() : bench(args.split(" "));

    assertThat(exit).isEqualTo(BenchCommand.REFUSED);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains(message).hasLineCount(1).doesNotContain("Exception");
  }

  @Test
  void shouldNameTheScenariosInItsHelp() {
    assertThat(bench("--help")).isZero();
    assertThat(out.toString())
        .contains("express-task", "standard-chain-10", "map-1m", "timers-50k", "mixed", "latency");
  }

  @Test
  void shouldTellOfAllScenariosInAHelpOfItsOwn() {
    assertThat(bench("all", "--help")).isZero();
    assertThat(out.toString()).contains("stepstream bench all", "--report", "--short");
  }

  @Test
  void shouldTellOfGrowthInAHelpOfItsOwn() {
    assertThat(bench("growth", "--help")).isZero();
    assertThat(out.toString()).contains("stepstream bench growth", "--open", "--section");
  }

  @Test
  void shouldTellOfPeersInAHelpOfItsOwn() {
    assertThat(bench("peers", "--help")).isZero();
    assertThat(out.toString()).contains("stepstream bench peers", "--peers", "--report");
  }

  @Test
  void shouldTellOfTheLanguageAloneInAHelpOfItsOwn() {
    assertThat(bench("core", "--help")).isZero();
    assertThat(out.toString()).contains("stepstream bench core", "--short");
  }

  @Test
  void shouldTellOfSeveralCoordinatorsInAHelpOfItsOwn() {
    assertThat(bench("scaling", "--help")).isZero();
    assertThat(out.toString()).contains("stepstream bench scaling", "--coordinators", "--quota");
  }
}
