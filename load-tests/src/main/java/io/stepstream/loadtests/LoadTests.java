package io.stepstream.loadtests;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The benchmarks' entry point. */
public final class LoadTests {

  private LoadTests() {}

  /** Runs a benchmark and exits: 0 done, 1 it failed, 2 bad usage or environment. */
  public static void main(String... args) {
    // A clean start and stop of Kafka's clients logs pages of what is normal.
    Logger root = Logger.getLogger("");
    root.setLevel(Level.SEVERE);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(BenchCommand.execute(out, err, args));
  }
}
