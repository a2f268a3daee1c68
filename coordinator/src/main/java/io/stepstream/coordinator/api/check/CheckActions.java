package io.stepstream.coordinator.api.check;

import io.stepstream.asl.teststate.StateTester;
import io.stepstream.coordinator.api.protocol.Action;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/** The actions of this package. */
public final class CheckActions {

  private CheckActions() {}

  /**
   * The actions.
   *
   * @param clock tells tested states the time
   * @param executor compiles definitions and runs states, which takes too long for an I/O thread
   */
  public static List<Action> all(StateTester tester, Clock clock, Executor executor) {
    return List.of(
        new TestState(tester, clock, executor), new ValidateStateMachineDefinition(executor));
  }
}
