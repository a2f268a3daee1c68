package io.stepstream.loadtests.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the children's JVMs are started: small, and soon there. */
final class JavaCommand {

  private JavaCommand() {}

  /**
   * @param heap for instance 256m
   * @param arguments the main class, and its arguments
   */
  static List<String> of(String heap, String classPath, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                // Most of them live for seconds: the optimising compiler would cost more than it
                // gives.
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // As the application's manifest says, which counts with java -jar only.
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath));
    command.addAll(arguments);
    return command;
  }

  static String ownClassPath() {
    return System.getProperty("java.class.path");
  }
}
