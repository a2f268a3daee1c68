package io.stepstream.asl.teststate;

import io.stepstream.asl.definition.ChoiceRule;
import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.StateVisit;
import io.stepstream.asl.engine.StateVisit.Answer;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.StateReader;
import io.stepstream.asl.teststate.StateTest.InspectionLevel;
import io.stepstream.asl.teststate.StateTest.Mock;
import io.stepstream.asl.teststate.StateTestResult.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes tests of states.
 *
 * @param region of the ARNs that the state sees
 * @param account of those ARNs
 * @param limits on payloads
 * @param tasks called for a Task state without a mock
 */
public record StateTester(String region, String account, Limits limits, TaskCaller tasks) {

  /** The names that a state under test sees of the execution around it, and its moment. */
  public record Moment(String machineName, String executionName, long nowMillis) {}

  /** Makes the test. Never throws for what a caller can cause. */
  public StateTestResult test(StateTest test, Moment moment) {
    return switch (StateReader.read(test.definition(), test.stateName())) {
      case StateReader.Result.Rejected(var definition) -> Refused.definition(definition.message());
      case StateReader.Result.Unknown _ -> Refused.validation("State not found in definition");
      case StateReader.Result.Found(State state) -> {
        Refused refused = refusal(test, state);
        yield refused == null ? run(test, state, moment) : refused;
      }
    };
  }

  private static @Nullable Refused refusal(StateTest test, State state) {
    Refused refused = MockRules.check(test, state);
    if (refused != null) {
      return refused;
    }
    String cause = test.configuration().errorCausedByState();
    if (cause != null && !contains(state, cause)) {
      return Refused.validation("State not found in definition");
    }
    return null;
  }

  private StateTestResult run(StateTest test, State state, Moment moment) {
    String inputText = test.input() == null ? "{}" : test.input();
    if (Json.decode(inputText) instanceof Decoded.Malformed malformed) {
      return Refused.input(malformed.message());
    }
    Map<String, Object> variables = Map.of();
    if (test.variables() != null) {
      variables = object(test.variables());
      if (variables == null) {
        return Refused.validation("Invalid variables provided: it must be a JSON object");
      }
    }
    if (test.context() != null) {
      Object context =
          Json.decode(test.context()) instanceof Decoded.Tree(Object tree) ? tree : Json.NULL;
      String problem = ContextRules.problem(context, state);
      if (problem != null) {
        return Refused.validation("Invalid Context object provided: " + problem);
      }
    }
    return run(test, state, moment, inputText, variables);
  }

  private StateTestResult run(
      StateTest test, State state, Moment moment, String input, Map<String, Object> variables) {
    String arn = "arn:aws:states:%s:%s:".formatted(region, account);
    Event.Started start =
        new Event.Started(
            arn + "express:" + moment.machineName() + ":" + moment.executionName(),
            moment.executionName(),
            arn + "stateMachine:" + moment.machineName(),
            test.roleArn() == null ? "" : test.roleArn(),
            true,
            moment.nowMillis(),
            input.getBytes(StandardCharsets.UTF_8),
            null);
    StateVisit.Setup setup =
        new StateVisit.Setup(
            machineOf(state),
            start,
            variables,
            bytes(test.context()),
            test.configuration().retrierRetryCount(),
            test.configuration().mapIterationFailureCount(),
            bytes(test.configuration().mapItemReaderData()));
    Caller caller = new Caller(test, tasks);
    StateVisit.Outcome outcome =
        StateVisit.run(
            setup,
            caller,
            new StepContext(
                moment.nowMillis(), region, limits, TaskTokens.unprotected(), _ -> true));
    if (caller.refusal != null) {
      return Refused.validation(caller.refusal);
    }
    return new StateTestResult.Tested(
        outcome.status(),
        outcome.output() == null ? null : new String(outcome.output(), StandardCharsets.UTF_8),
        outcome.error(),
        outcome.cause(),
        outcome.next(),
        test.level() == InspectionLevel.INFO ? null : inspection(state, input, outcome, caller));
  }

  private static Map<String, Object> inspection(
      State state, String input, StateVisit.Outcome outcome, Caller caller) {
    Map<String, Object> inspection = InspectionData.of(state, input, outcome);
    if (caller.trace != null) {
      caller.trace.into(inspection);
    }
    return inspection;
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Gives the mock, or else calls the task. */
  private static final class Caller implements StateVisit.Work {

    private final StateTest test;
    private final TaskCaller tasks;
    private @Nullable String refusal;
    private @Nullable HttpTrace trace;

    Caller(StateTest test, TaskCaller tasks) {
      this.test = test;
      this.tasks = tasks;
    }

    @Override
    public Answer answer(Effect.@Nullable Dispatch dispatch) {
      Mock mock = test.mock();
      if (mock != null && mock.result() != null) {
        return new Answer.Succeeded(mock.result().getBytes(StandardCharsets.UTF_8));
      }
      if (mock != null && mock.errorOutput() != null) {
        return new Answer.Failed(mock.errorOutput().error(), mock.errorOutput().cause());
      }
      if (dispatch == null || test.roleArn() == null) {
        throw new IllegalStateException("a state that must be mocked was not");
      }
      try {
        if (test.level() == InspectionLevel.TRACE && HttpTrace.applies(dispatch)) {
          trace = HttpTrace.of(tasks.call(HttpTrace.traced(dispatch), test.roleArn()));
          return trace.answer();
        }
        return tasks.call(dispatch, test.roleArn());
      } catch (TaskCaller.Refusal e) {
        refusal = e.getMessage();
        return new Answer.Failed(null, refusal);
      }
    }
  }

  /** A machine of the state, and of stand-ins for those that it may lead to. */
  private static Machine machineOf(State state) {
    Map<String, State> states = new LinkedHashMap<>();
    for (String target : targets(state)) {
      states.put(
          target,
          new State.Succeed(
              target, QueryLanguage.JSONATA, new DataFlow.Jsonata(null, null, Map.of())));
    }
    states.put(StateReader.NAME, state);
    return Machine.of(
        new StateMachine(
            null, state.queryLanguage(), null, new Flow("", StateReader.NAME, states)));
  }

  private static List<String> targets(State state) {
    List<String> targets = new ArrayList<>();
    switch (state) {
      case State.Pass pass -> add(targets, pass.transition());
      case State.Wait wait -> add(targets, wait.transition());
      case State.Choice choice -> {
        choice.rules().stream().map(ChoiceRule::next).forEach(targets::add);
        if (choice.defaultNext() != null) {
          targets.add(choice.defaultNext());
        }
      }
      case State.Retryable retryable -> {
        add(targets, retryable.transition());
        retryable.errorHandling().catchers().forEach(catcher -> targets.add(catcher.next()));
      }
      case State.Succeed _, State.Fail _ -> {}
    }
    return targets;
  }

  private static void add(List<String> targets, Transition transition) {
    if (transition instanceof Transition.Next(String next)) {
      targets.add(next);
    }
  }

  private static boolean contains(State state, String name) {
    List<Flow> flows =
        switch (state) {
          case State.Parallel parallel -> parallel.branches();
          case State.MapState map -> List.of(map.processor());
          default -> List.of();
        };
    return flows.stream()
        .anyMatch(
            flow ->
                flow.states().containsKey(name)
                    || flow.states().values().stream().anyMatch(inner -> contains(inner, name)));
  }

  @SuppressWarnings("unchecked") // the keys of decoded objects are strings
  private static @Nullable Map<String, Object> object(String json) {
    return Json.decode(json) instanceof Decoded.Tree(Map<?, ?> tree)
        ? (Map<String, Object>) tree
        : null;
  }
}
