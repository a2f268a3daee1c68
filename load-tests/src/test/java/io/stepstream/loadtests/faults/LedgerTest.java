package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {

  @Test
  void shouldGoOnBehindWhatAnEarlierLifeHasWritten(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("ledger");
    assertThat(Ledger.read(file)).isEmpty();
    try (Ledger first = Ledger.open(file)) {
      first.begun("a#1#1");
    }
    try (Ledger second = Ledger.open(file)) {
      second.begun("a#1#1");
      second.begun("b#2#1");
    }
    assertThat(Ledger.read(file)).containsExactly("a#1#1", "a#1#1", "b#2#1");
  }
}
