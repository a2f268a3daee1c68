package io.stepstream.testcontainers;

/** A state machine that a test wants to be there. */
record Machine(String name, String definition, Type type) {

  /** The coordinator's defaults. */
  static final String REGION = "us-east-1";

  private static final String ACCOUNT = "000000000000";

  /** May do everything, as {@link GeneratedKeys} says. */
  static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/test";

  enum Type {
    STANDARD,
    EXPRESS
  }

  static String arn(String name) {
    return "arn:aws:states:" + REGION + ":" + ACCOUNT + ":stateMachine:" + name;
  }
}
