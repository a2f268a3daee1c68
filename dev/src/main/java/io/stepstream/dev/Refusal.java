package io.stepstream.dev;

import java.util.Objects;

/**
 * A request that was turned down for a reason which the user can mend.
 *
 * <p>The message is one sentence which says what is wrong, and a second one which says how to mend
 * it; the command line prints it as it stands, without a stack trace.
 */
public final class Refusal extends Exception {
  private final String problem;
  private final String remedy;

  /**
   * @param problem what is wrong and where, as a clause without a full stop
   * @param remedy what to do about it, as a clause without a full stop
   */
  public Refusal(String problem, String remedy) {
    super(problem + ". " + remedy + ".");
    this.problem = Objects.requireNonNull(problem);
    this.remedy = Objects.requireNonNull(remedy);
  }

  /** The same with the failure that showed it. */
  public Refusal(String problem, String remedy, Throwable cause) {
    this(problem, remedy);
    initCause(cause);
  }

  /** What is wrong and where. */
  public String problem() {
    return problem;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
