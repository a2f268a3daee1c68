package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.loadtests.faults.ChildProcess.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ChildProcessTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private ChildProcess shell(String script) {
    return ChildProcess.start(
        List.of("/bin/sh", "-c", script), Map.of("WORD", "said"), directory.resolve("log"));
  }

  @Test
  void shouldKeepWhatItSaysAndHowItEnds() throws Exception {
    ChildProcess child = shell("echo $WORD; exit 3");
    assertThat(child.awaitEnd(LONG)).isTrue();
    assertThat(child.exitCode()).isEqualTo(3);
    assertThat(directory.resolve("log")).hasContent("said");
    child.signal(Signal.STOP);
    child.signal(Signal.KILL);
  }

  @Test
  void shouldDoNothingWhileItIsStoppedAndGoOnAfterwards() throws Exception {
    ChildProcess child = shell("while read line; do :; done; sleep 0.2; exit 5");
    child.signal(Signal.STOP);
    child.signal(Signal.TERM);
    assertThat(child.awaitEnd(Duration.ofMillis(300))).isFalse();
    child.signal(Signal.CONT);
    assertThat(child.awaitEnd(LONG)).isTrue();
  }

  @Test
  void shouldEndAtOnce() throws Exception {
    ChildProcess child = shell("trap '' TERM; exec sleep 60");
    child.signal(Signal.KILL);
    assertThat(child.isAlive()).isFalse();
  }
}
