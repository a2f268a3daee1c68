package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.json.Json;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The context object ({@code $$}, {@code $states.context}), built when it is first looked at: most
 * expressions never do, and a Map item in it costs the reading of a row.
 */
final class ContextObject extends AbstractMap<String, Object> {

  private final Step step;
  private final Strand strand;
  private @Nullable Map<String, Object> content;

  ContextObject(Step step, Strand strand) {
    this.step = step;
    this.strand = strand;
  }

  @Override
  public Object get(Object key) {
    return content().get(key);
  }

  @Override
  public boolean containsKey(Object key) {
    return content().containsKey(key);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return content().entrySet();
  }

  private Map<String, Object> content() {
    Map<String, Object> built = content;
    if (built == null) {
      built = build();
      content = built;
    }
    return built;
  }

  private Map<String, Object> build() {
    Execution execution = step.execution();
    Map<String, Object> context = new LinkedHashMap<>();
    Map<String, Object> executionPart = new LinkedHashMap<>();
    executionPart.put("Id", execution.arn());
    executionPart.put("Input", step.executionInput());
    executionPart.put("StartTime", timestamp(execution.startMillis()));
    executionPart.put("Name", execution.name());
    // Only a state under test may have no role.
    executionPart.put("RoleArn", execution.roleArn().isEmpty() ? Json.NULL : execution.roleArn());
    if (!execution.express()) {
      executionPart.put("RedriveCount", execution.redriveCount());
      if (execution.redriveMillis() != null) {
        executionPart.put("RedriveTime", timestamp(execution.redriveMillis()));
      }
    }
    context.put("Execution", executionPart);
    Map<String, Object> machinePart = new LinkedHashMap<>();
    machinePart.put("Id", execution.stateMachineArn());
    machinePart.put(
        "Name",
        execution.stateMachineArn().substring(execution.stateMachineArn().lastIndexOf(':') + 1));
    context.put("StateMachine", machinePart);
    Map<String, Object> statePart = new LinkedHashMap<>();
    statePart.put("Name", strand.state.name());
    statePart.put("EnteredTime", timestamp(strand.enteredMillis));
    if (strand.state instanceof State.Retryable) {
      statePart.put("RetryCount", strand.retryCount);
    }
    context.put("State", statePart);
    if (strand.state instanceof State.Task task && TaskResource.of(task.resource()).isSubmitted()) {
      // The attempt begins when it is handed over, which begins a new wait.
      TaskToken token = new TaskToken(execution.arn(), strand.id, strand.epoch + 1);
      context.put("Task", Map.of("Token", step.context.tokens().sign(token)));
    }
    if (execution.triggered()) {
      context.put("Trigger", step.trigger());
    }
    Map<String, Object> item = item(strand);
    if (item != null) {
      context.put("Map", Map.of("Item", item));
    }
    return context;
  }

  /** The nearest Map iteration around the strand; null outside of any. */
  private @Nullable Map<String, Object> item(Strand inner) {
    Strand child = inner;
    while (!child.root()) {
      Strand parent = step.existing(child.parentId);
      if (parent.state instanceof State.MapState map
          && parent.awaits instanceof Awaits.Items window) {
        return MapItem.of(map, child.index, step.item(parent, window, child.index)).context();
      }
      child = parent;
    }
    return null;
  }

  /** For ItemSelector, which runs outside of the iteration and yet sees its item. */
  static Map<String, Object> withItem(Map<String, Object> context, MapItem item) {
    Map<String, Object> extended = new LinkedHashMap<>(context);
    extended.put("Map", Map.of("Item", item.context()));
    return extended;
  }

  private static String timestamp(long millis) {
    String text = Instant.ofEpochMilli(millis).toString();
    // AWS always prints milliseconds; Instant leaves them out when they are zero.
    return text.length() == "2026-01-01T00:00:00Z".length()
        ? text.substring(0, text.length() - 1) + ".000Z"
        : text;
  }
}
