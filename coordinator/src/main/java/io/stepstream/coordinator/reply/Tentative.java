package io.stepstream.coordinator.reply;

/** What a stream thread has done, and what may still be undone. Called by that thread. */
public interface Tentative {

  /** It stands. */
  void committed();

  /** It has never happened. */
  void aborted();
}
