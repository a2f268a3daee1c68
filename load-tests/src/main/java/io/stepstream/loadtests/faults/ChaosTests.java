package io.stepstream.loadtests.faults;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The fault tests' entry point. */
public final class ChaosTests {

  private ChaosTests() {}

  /** Runs faults and exits: 0 nothing violated, 1 something was, 2 bad usage or environment. */
  public static void main(String... args) {
    // That brokers are away is what this is about: Kafka's clients would fill the screen.
    Logger root = Logger.getLogger("");
    root.setLevel(Level.OFF);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(ChaosCommand.execute(out, err, args));
  }
}
