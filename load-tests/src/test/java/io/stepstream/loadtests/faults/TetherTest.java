package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TetherTest {

  /** What is tied: it would go on for a minute. */
  public static final class Sleeper {
    public static void main(String... args) throws InterruptedException {
      System.out.println("begun " + args[0]);
      Thread.sleep(60_000);
    }
  }

  /** One that has begun. Ends when its standard input does, or when it is told to. */
  static Process tied() throws IOException {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Tether.class.getName(),
                    Sleeper.class.getName(),
                    "well"))
            .start();
    assertThat(child.inputReader().readLine()).isEqualTo("begun well");
    return child;
  }

  @Test
  void shouldEndWhenItsParentDoes() throws Exception {
    Process child = tied();
    // A parent that dies leaves the pipe without a writer.
    child.getOutputStream().close();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(137);
  }
}
