package io.stepstream.dev;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.stepstream.dev.cli.CommandLineInterface;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The command line's entry point. Quarkus starts later, and only for commands that need it. */
@QuarkusMain
public final class Stepstream {
  /** Held, because a logger that nobody refers to forgets its level. */
  private static final List<Logger> QUIET = List.of(Logger.getLogger(""));

  private Stepstream() {}

  /** Runs the command that the arguments name, and exits with its code. */
  public static void main(String... args) {
    // The broker starts before Quarkus configures logging; what it logs until then would be kept
    // and printed later.
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean traces = System.getenv("STEPSTREAM_DEBUG") != null;
    System.exit(new CommandLineInterface(out, err, traces).execute(args));
  }
}
