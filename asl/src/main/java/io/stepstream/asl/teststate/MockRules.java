package io.stepstream.asl.teststate;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.teststate.StateTest.FieldValidation;
import io.stepstream.asl.teststate.StateTest.Mock;
import io.stepstream.asl.teststate.StateTestResult.Refused;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which states may be mocked, which must be, and what a mocked result looks like. */
final class MockRules {

  private MockRules() {}

  /** Null: the mock is acceptable. */
  static @Nullable Refused check(StateTest test, State state) {
    Mock mock = test.mock();
    if (mock == null) {
      return checkWithout(test, state);
    }
    if ((mock.result() == null) == (mock.errorOutput() == null)) {
      return Refused.validation(
          "A test mock should have only one of the following fields: [result, errorOutput].");
    }
    if (test.revealSecrets()) {
      return Refused.validation(
          "TestState does not support RevealSecrets when a mock is specified.");
    }
    if (!(state instanceof State.Retryable mocked)) {
      return Refused.validation(
          "State type '" + state.type() + "' is not supported when a mock is specified");
    }
    return mock.result() == null ? null : checkResult(mocked, mock.result(), mock.validation());
  }

  private static @Nullable Refused checkWithout(StateTest test, State state) {
    if (state instanceof State.Parallel || state instanceof State.MapState) {
      return Refused.definition(
          "TestState API does not support Map or Parallel states. Supported state types include:"
              + " [Task, Wait, Pass, Succeed, Fail, Choice]");
    }
    if (test.context() != null) {
      return Refused.validation("Context object can only be specified when a mock is specified.");
    }
    if (state instanceof State.Task task) {
      if (test.roleArn() == null) {
        return Refused.validation("RoleArn must be specified when testing a Task state");
      }
      if (endsLater(task) || task.resource().contains(":activity:")) {
        return Refused.validation(
            "A mock must be specified to test the resource '" + task.resource() + "'");
      }
    }
    return null;
  }

  /** Whether the service takes the request on and the task ends by another message. */
  static boolean endsLater(State.Task task) {
    String resource = task.resource();
    return resource.endsWith(".sync")
        || resource.endsWith(".sync:2")
        || resource.endsWith(".waitForTaskToken");
  }

  private static @Nullable Refused checkResult(
      State.Retryable state, String json, FieldValidation validation) {
    if (!(Json.decode(json) instanceof Decoded.Tree(Object result))) {
      return Refused.validation("Mocked result must be valid JSON.");
    }
    return switch (state) {
      case State.Task task -> {
        String problem = MockedApi.problem(task.resource(), result, validation);
        yield problem == null
            ? null
            : Refused.validation("Mock result schema validation error: " + problem);
      }
      case State.Parallel parallel -> {
        if (!(result instanceof List<?> results)) {
          yield Refused.validation("Mocked result must be an array.");
        }
        yield results.size() == parallel.branches().size()
            ? null
            : Refused.validation(
                "Mocked result must contain the same number of items as number of Parallel"
                    + " branches.");
      }
      case State.MapState map -> {
        if (map.distributed() != null && map.distributed().resultWriter() != null) {
          yield result instanceof Map
              ? null
              : Refused.validation("Mocked result must be a JSON object.");
        }
        yield result instanceof List ? null : Refused.validation("Mocked result must be an array.");
      }
    };
  }
}
