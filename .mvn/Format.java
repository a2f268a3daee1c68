import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks or rewrites the format of every Java file in the src folders of the modules.
 *
 * <p>Arguments: the root of the repository, the jar of google-java-format, check or write. A
 * program of its own, because the formatter must run on the JDK whose syntax it reads, and Maven
 * runs on an older one.
 */
final class Format {

  /** {@code deploy/images/worker/src}. */
  private static final int DEEPEST = 4;

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    boolean write = args[2].equals("write");
    Path list = Files.createTempFile("format", ".args");
    Files.write(list, sources(root).stream().map(Path::toString).toList());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", args[1]));
    command.addAll(write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    command.add("@" + list);
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    Files.delete(list);
    if (exit != 0 && !write) {
      System.err.println(
          "The files above aren't formatted. Mend them by: mvn -N -Pformat validate");
    }
    System.exit(exit);
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> directories = Files.walk(root, DEEPEST)) {
      for (Path source : directories.filter(Format::isOfAModule).toList()) {
        try (Stream<Path> files = Files.walk(source)) {
          files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static boolean isOfAModule(Path directory) {
    return directory.endsWith("src") && Files.exists(directory.resolveSibling("pom.xml"));
  }
}
