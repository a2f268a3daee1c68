package io.stepstream.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is made an image of. */
enum Application {
  COORDINATOR(
      "coordinator",
      Path.of("coordinator/target/quarkus-app"),
      8333,
      "The Stepstream coordinator: AWS's Step Functions API, the console, and the executions.",
      // Its stores are outside the heap, and need as much.
      List.of("-XX:+UseG1GC", "-XX:MaxRAMPercentage=50"),
      true),
  WORKER(
      "worker",
      Path.of("deploy/images/worker/target/quarkus-app"),
      8334,
      "The Stepstream worker with all integrations; jars with handlers can be added.",
      List.of("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=75"),
      false);

  /** Who the process is: nobody that a base image knows, so that it owns what is ours alone. */
  static final String USER = "10001:10001";

  /** Of the coordinator; the default of {@code stepstream.state.dir}. */
  static final String STATE = "/var/lib/stepstream/state";

  /** Jars here are on the class path: handlers, and the libraries that they need. */
  static final String EXTENSIONS = "/opt/stepstream/extensions";

  static final String RUNTIME = "/opt/java";
  static final String HOME = "/opt/stepstream";
  static final String APP = HOME + "/app";
  static final String CACHE = APP + "/app.aot";

  /**
   * Asks the health check, for those who can't: Docker runs a command for that. It is on the class
   * path of the application too, see {@link #training}.
   */
  static final String PROBE = HOME + "/probe.jar";

  /** Quarkus' start of an application on a plain class path. */
  private static final String MAIN = "io.quarkus.bootstrap.runner.AotQuarkusEntryPoint";

  private final String label;
  private final Path directory;
  private final int port;
  private final String description;
  private final List<String> memory;
  private final boolean keepsState;

  Application(
      String label,
      Path directory,
      int port,
      String description,
      List<String> memory,
      boolean keepsState) {
    this.label = label;
    this.directory = directory;
    this.port = port;
    this.description = description;
    this.memory = memory;
    this.keepsState = keepsState;
  }

  /** The image's name, without a repository. */
  String label() {
    return label;
  }

  /** Where Maven has put the application, below the repository's root. */
  Path directory() {
    return directory;
  }

  int port() {
    return port;
  }

  String description() {
    return description;
  }

  /** Whether it writes to {@link #STATE}. */
  boolean keepsState() {
    return keepsState;
  }

  /** What the image runs. */
  List<String> entrypoint() {
    List<String> command = java("", List.of("-XX:AOTCache=" + CACHE));
    command.addAll(List.of("-cp", classPath("") + ":" + EXTENSIONS + "/*", MAIN));
    return List.copyOf(command);
  }

  /**
   * The same without extensions, to write the cache at its end: a class path that begins with this
   * one can use it. It can lie elsewhere, if what all its entries' names begin with is replaced by
   * what all those of the later class path begin with. So there is an entry beside the application,
   * as the extensions are: without it the beginning would become a shorter one by them.
   *
   * @param root where the image's files lie
   */
  List<String> training(Path root) {
    // Without a bound the heap may be too large for the compressed references of other machines.
    List<String> command =
        java(root.toString(), List.of("-Xmx512m", "-XX:AOTCacheOutput=" + root + CACHE));
    command.addAll(List.of("-cp", classPath(root.toString()), MAIN));
    return List.copyOf(command);
  }

  private static String classPath(String root) {
    return root + APP + "/quarkus-run.jar:" + root + PROBE;
  }

  /** The cache is left aside by a JVM whose flags of modules or whose collector are others. */
  private List<String> java(String root, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(root + RUNTIME + "/bin/java");
    command.addAll(
        List.of(
            // RocksDB calls native code; the use of Unsafe by Kafka and Netty is theirs to mend.
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // As the manifest says, which counts only where the jar is started by -jar.
            "--add-opens=java.base/java.lang=ALL-UNNAMED"));
    command.addAll(memory);
    command.addAll(
        List.of(
            // Whoever started it starts it again.
            "-XX:+ExitOnOutOfMemoryError",
            // Standard output is the log's.
            "-Xlog:disable",
            "-Xlog:all=warning:stderr"));
    command.addAll(more);
    return command;
  }
}
