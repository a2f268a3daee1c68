package io.stepstream.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The files of one image, laid out below a directory as they will lie in it, but for those of the
 * base. All of them have one time, which says nothing.
 *
 * @param root stands for {@code /}
 */
record Stage(Path root, Application application, Instant time) {

  /**
   * Lays out everything but the cache of classes.
   *
   * @param runtime a Java runtime
   * @param app what Maven has built
   * @throws IOException there is no application, or a file can't be written
   */
  static Stage lay(Path root, Application application, Path runtime, Path app, Instant time)
      throws IOException {
    if (!Files.isRegularFile(app.resolve("quarkus-run.jar"))) {
      throw new IOException(
          "There is no application in %s: build the module before (mvn package)".formatted(app));
    }
    Stage stage = new Stage(root, application, time);
    delete(root);
    copy(runtime, stage.at(Application.RUNTIME));
    for (String part : List.of("quarkus-run.jar", "quarkus", "app", "lib")) {
      if (Files.exists(app.resolve(part))) {
        copy(app.resolve(part), stage.at(Application.APP + "/" + part));
      }
    }
    Files.createDirectories(stage.at(Application.EXTENSIONS));
    if (application.keepsState()) {
      Files.createDirectories(stage.at(Application.STATE));
    }
    stage.packProbe();
    stage.fixTimes();
    return stage;
  }

  private void packProbe() throws IOException {
    JarEntry entry = new JarEntry("io/stepstream/images/Probe.class");
    // In no time zone of the machine's.
    entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    try (OutputStream file = Files.newOutputStream(at(Application.PROBE));
        JarOutputStream jar = new JarOutputStream(file);
        InputStream compiled = Probe.class.getResourceAsStream("Probe.class")) {
      jar.putNextEntry(entry);
      compiled.transferTo(jar);
    }
  }

  /** Where a file of the image lies. */
  Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /** Gives every file the one time; the JVM compares those of jars and of its own modules. */
  void fixTimes() throws IOException {
    FileTime fixed = FileTime.from(time);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        if (!Files.isSymbolicLink(file)) {
          Files.setLastModifiedTime(file, fixed);
        }
      }
    }
  }

  /** Deletes a directory with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Links are followed: a layer has none. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
