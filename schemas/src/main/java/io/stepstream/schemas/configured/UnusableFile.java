package io.stepstream.schemas.configured;

/** A file of the configuration says something that can't be meant. */
public final class UnusableFile extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param at the member, as a path; empty: the file itself
   */
  public UnusableFile(String at, String what) {
    super(at.isEmpty() ? what : at + " " + what);
  }
}
