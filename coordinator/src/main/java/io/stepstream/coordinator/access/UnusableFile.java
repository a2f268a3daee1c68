package io.stepstream.coordinator.access;

/** A file of the configuration says something that can't be meant. */
final class UnusableFile extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param at the member, as a path; empty: the file itself
   */
  UnusableFile(String at, String what) {
    super(at.isEmpty() ? what : at + " " + what);
  }
}
