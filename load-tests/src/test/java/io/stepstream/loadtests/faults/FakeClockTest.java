package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FakeClockTest {

  @TempDir private Path directory;

  private FakeClock clock(Path library) {
    return FakeClock.create(library, directory.resolve("clock"));
  }

  @Test
  void shouldTellHowLateItIs() {
    FakeClock clock = clock(Path.of("library"));
    assertThat(directory.resolve("clock")).hasContent("+0");
    clock.set(Duration.ofSeconds(20));
    assertThat(directory.resolve("clock")).hasContent("+20");
    clock.set(Duration.ofSeconds(-20));
    assertThat(directory.resolve("clock")).hasContent("-20");
  }

  @Test
  void shouldGiveAProcessAnotherTimeOfDay() throws Exception {
    Path library = FakeClock.library();
    assumeTrue(library != null, "libfaketime isn't installed");
    FakeClock clock = clock(library);
    for (int ahead : new int[] {0, 3_600, -3_600}) {
      clock.set(Duration.ofSeconds(ahead));
      ProcessBuilder date = new ProcessBuilder("date", "+%s");
      date.environment().putAll(clock.environment());
      long told = Long.parseLong(date.start().inputReader().readLine());
      assertThat(told - Instant.now().getEpochSecond()).isCloseTo(ahead, within(5L));
    }
  }
}
