package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Path jar = Files.createTempFile("sleeper", ".jar");
    try {
      write(jar, Sleeper.class.getName());
      Process child =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx64m",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Tether.class.getName(),
                      jar.toString(),
                      "well"))
              .start();
      assertThat(child.inputReader().readLine()).isEqualTo("begun well");
      return child;
    } finally {
      Files.delete(jar);
    }
  }

  @Test
  void shouldEndWhenItsParentDoes() throws Exception {
    Process child = tied();
    // A parent that dies leaves the pipe without a writer.
    child.getOutputStream().close();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(137);
  }

  @Test
  void shouldSayThatAJarNamesNoEntry(@TempDir Path directory) throws Exception {
    Path jar = directory.resolve("app.jar");
    write(jar, null);

    assertThatThrownBy(() -> Tether.mainClass(jar))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("names no Main-Class");
  }

  private static void write(Path jar, @Nullable String mainClass) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    if (mainClass != null) {
      manifest.getMainAttributes().put(Name.MAIN_CLASS, mainClass);
    }
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }
}
