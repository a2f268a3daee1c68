package io.stepstream.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** Links a Java runtime out of the JDK that runs this. */
final class JavaRuntime {

  /**
   * All that is Java SE, because handlers of others come on top; logins at Kafka, name services,
   * and what shows what a process does.
   */
  private static final List<String> MODULES =
      List.of(
          "java.se",
          "jdk.charsets",
          "jdk.crypto.cryptoki",
          "jdk.jcmd",
          "jdk.jdwp.agent",
          "jdk.jfr",
          "jdk.localedata",
          "jdk.management",
          "jdk.management.agent",
          "jdk.management.jfr",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.security.auth",
          "jdk.security.jgss",
          "jdk.unsupported",
          "jdk.zipfs");

  private JavaRuntime() {}

  /**
   * @param directory is made
   * @throws IOException it can't be linked; says what jlink says
   */
  static void link(Path directory) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter printer = new PrintWriter(said, true);
    int exit =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IOException("This JDK has no jlink: take a whole one"))
            .run(
                printer,
                printer,
                "--add-modules",
                String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                // The layers are compressed, and what isn't twice is found sooner.
                "--compress",
                "zip-0",
                // Debian's packages of JDKs keep the certificates of authorities elsewhere, which
                // jlink
                // takes for a JDK that somebody has changed. They are copied as they are.
                "--ignore-modified-runtime",
                "--output",
                directory.toString());
    if (exit != 0 || !Files.isExecutable(directory.resolve("bin/java"))) {
      throw new IOException("jlink: " + said);
    }
  }
}
