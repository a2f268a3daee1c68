package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What ties a child to its parent: its standard input, which ends when the parent does, however
 * that dies.
 */
final class Tether {

  private static final int ORPHANED = 137;

  private Tether() {}

  /** The entry point of a program that knows nothing of parents: its class, and its arguments. */
  static void main(String... args) throws ReflectiveOperationException {
    tie();
    Class.forName(args[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
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
