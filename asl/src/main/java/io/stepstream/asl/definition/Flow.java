package io.stepstream.asl.definition;

import java.util.Map;

/**
 * States with a start: the top level of a machine, a branch of a Parallel state, the processor of a
 * Map state.
 *
 * @param pointer JSON pointer of this flow in the definition, {@code ""} for the top level; it
 *     names the flow in frames
 * @param states in the order of the definition
 */
public record Flow(String pointer, String startAt, Map<String, State> states) {

  /**
   * The state of that name in this very flow.
   *
   * @throws IllegalArgumentException when there is none: validation has let a dangling name through
   */
  public State state(String name) {
    State state = states.get(name);
    if (state == null) {
      throw new IllegalArgumentException("no state " + name + " in the flow at '" + pointer + "'");
    }
    return state;
  }
}
