package io.stepstream.asl.parse;

import io.stepstream.asl.definition.ChoiceRule;
import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.expr.Expression;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which variables each state reads, as DescribeStateMachine tells it. */
public final class VariableReferences {

  private final Map<String, Set<String>> byState = new LinkedHashMap<>();

  private VariableReferences() {}

  /** Names of variables, sorted, by the name of the state; states that read none are absent. */
  public static Map<String, Set<String>> of(StateMachine machine) {
    VariableReferences references = new VariableReferences();
    references.addFlow(machine.flow());
    return Collections.unmodifiableMap(references.byState);
  }

  private void addFlow(Flow flow) {
    for (State state : flow.states().values()) {
      Set<String> names = new TreeSet<>();
      addState(state, names);
      if (!names.isEmpty()) {
        byState.put(state.name(), Collections.unmodifiableSet(names));
      }
      switch (state) {
        case State.Parallel parallel -> parallel.branches().forEach(this::addFlow);
        case State.MapState map -> addFlow(map.processor());
        case State.Pass _,
            State.Task _,
            State.Choice _,
            State.Wait _,
            State.Succeed _,
            State.Fail _ -> {}
      }
    }
  }

  private static void addState(State state, Set<String> names) {
    switch (state) {
      case State.Pass pass -> add(pass.data(), names);
      case State.Task task -> {
        add(task.data(), names);
        add(task.timeoutSeconds(), names);
        add(task.heartbeatSeconds(), names);
        add(task.credentials(), names);
        add(task.errorHandling(), names);
      }
      case State.Choice choice -> {
        add(choice.data(), names);
        for (ChoiceRule rule : choice.rules()) {
          names.addAll(rule.condition().variables());
          add(rule.output(), names);
          add(rule.assign(), names);
        }
      }
      case State.Wait wait -> {
        add(wait.data(), names);
        add(wait.until(), names);
      }
      case State.Succeed succeed -> add(succeed.data(), names);
      case State.Fail fail -> {
        add(fail.error(), names);
        add(fail.cause(), names);
      }
      case State.Parallel parallel -> {
        add(parallel.data(), names);
        add(parallel.errorHandling(), names);
      }
      case State.MapState map -> {
        add(map.data(), names);
        add(map.items(), names);
        add(map.itemSelector(), names);
        add(map.maxConcurrency(), names);
        add(map.distributed(), names);
        add(map.errorHandling(), names);
      }
    }
  }

  private static void add(DataFlow data, Set<String> names) {
    add(data.assign(), names);
    switch (data) {
      case DataFlow.JsonPath path -> {
        add(path.inputPath(), names);
        add(path.parameters(), names);
        add(path.resultSelector(), names);
        add(path.outputPath(), names);
      }
      case DataFlow.Jsonata jsonata -> {
        add(jsonata.arguments(), names);
        add(jsonata.output(), names);
      }
    }
  }

  private static void add(ErrorHandling errorHandling, Set<String> names) {
    for (ErrorHandling.Catcher catcher : errorHandling.catchers()) {
      add(catcher.output(), names);
      add(catcher.assign(), names);
    }
  }

  private static void add(@Nullable Distributed distributed, Set<String> names) {
    if (distributed != null) {
      if (distributed.itemReader() != null) {
        add(distributed.itemReader().arguments(), names);
        add(distributed.itemReader().config().maxItems(), names);
      }
      if (distributed.itemBatcher() != null) {
        add(distributed.itemBatcher().maxItemsPerBatch(), names);
        add(distributed.itemBatcher().maxInputBytesPerBatch(), names);
        add(distributed.itemBatcher().batchInput(), names);
      }
      if (distributed.resultWriter() != null) {
        add(distributed.resultWriter().arguments(), names);
      }
      add(distributed.toleratedFailureCount(), names);
      add(distributed.toleratedFailurePercentage(), names);
    }
  }

  private static void add(Map<String, Expression> assign, Set<String> names) {
    assign.values().forEach(expression -> add(expression, names));
  }

  private static void add(@Nullable Expression expression, Set<String> names) {
    if (expression != null) {
      names.addAll(expression.variables());
    }
  }
}
