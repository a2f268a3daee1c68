package io.stepstream.coordinator.ops;

/** The calls that wait on this node for something to happen, when the node is told to stop. */
public interface WaitingCalls {

  /** Ends those that have no need of an answer: who waits for work gets none, and asks again. */
  void endIdle();

  /** Answers all others that the node stops, and that nobody knows what becomes of them. */
  void refuse();
}
