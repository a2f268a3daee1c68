package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What ties a child to its parent: its standard input, which ends when the parent does, however
 * that dies.
 */
final class Tether {

  private static final int ORPHANED = 137;

  private Tether() {}

  /**
   * The entry point of a program that knows nothing of parents: its jar, which is in the class path
   * as well, and its arguments.
   */
  static void main(String... args) throws IOException, ReflectiveOperationException {
    tie();
    Class.forName(mainClass(Path.of(args[0])))
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }

  /** What the jar names: it is another one in another version of the same program. */
  static String mainClass(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String name =
          manifest == null ? null : manifest.getMainAttributes().getValue(Name.MAIN_CLASS);
      if (name == null) {
        throw new IOException(jar + " names no Main-Class in its manifest");
      }
      return name;
    }
  }

  /** From now on this process ends when its standard input does. */
  static void tie() {
    Thread.ofPlatform().daemon().name("tether").start(() -> awaitEnd(System.in));
  }

  private static void awaitEnd(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing is said on it.
      }
    } catch (IOException _) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
