package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.definition.Startable;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.definition.TriggerOutcome;
import io.stepstream.coordinator.definition.Triggers;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Triggers as callers define and see them. Every stage completes exceptionally only with {@link
 * io.stepstream.coordinator.execution.Unavailable}.
 */
public final class TopicTriggers {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,80}");
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final int LONGEST_EXPRESSION = 16 * 1024;
  private static final int LONGEST_INPUT = 64 * 1024;

  /** Kafka Streams' own and Stepstream's: what is written there follows from executions. */
  private static final List<String> INTERNAL =
      List.of(
          "stepstream.",
          Topics.STANDARD_APPLICATION + '-',
          Topics.EXPRESS_APPLICATION + '-',
          Topics.HISTORY_VIEW_APPLICATION + '-',
          "__");

  private final Triggers triggers;
  private final StateMachines machines;
  private final TriggerCluster cluster;
  private final boolean avroServed;

  /**
   * @param avroServed whether there is a schema registry that others write to
   */
  public TopicTriggers(
      Triggers triggers, StateMachines machines, TriggerCluster cluster, boolean avroServed) {
    this.triggers = triggers;
    this.machines = machines;
    this.cluster = cluster;
    this.avroServed = avroServed;
  }

  /**
   * Creates a trigger; the same request again gives the trigger that is there.
   *
   * @param earliest whether it reads what is on the topic already
   */
  public CompletionStage<TriggerResult> create(TriggerSpec spec, boolean earliest) {
    TopicTrigger wanted =
        wanted(spec, UUID.randomUUID().toString(), List.of(), Instant.EPOCH, Instant.EPOCH);
    TriggerResult.Invalid invalid = invalid(wanted);
    if (invalid != null) {
      return CompletableFuture.completedFuture(invalid);
    }
    return cluster
        .ends(spec.topic())
        .thenCompose(
            ends -> {
              if (ends.isEmpty()) {
                return invalid(
                    "topic",
                    "There is no topic '%s'".formatted(spec.topic()),
                    "Create the topic first, or correct its name");
              }
              if (!earliest) {
                wanted.setFrom(ends.get());
              }
              return ifStartable(wanted, () -> triggers.create(wanted));
            });
  }

  /**
   * Changes what a trigger does with records. Its topic stays: it has come so far in that one.
   *
   * @param seen the trigger as the caller knows it
   */
  public CompletionStage<TriggerResult> update(TopicTrigger seen, TriggerSpec spec) {
    TopicTrigger wanted =
        wanted(spec, seen.getId(), seen.getFrom(), seen.getCreationDate(), seen.getUpdateDate());
    TriggerResult.Invalid invalid =
        seen.getTopic().equals(spec.topic())
            ? invalid(wanted)
            : new TriggerResult.Invalid(
                "topic",
                "The topic of a trigger can't be changed",
                "Create another trigger for the other topic");
    return invalid != null
        ? CompletableFuture.completedFuture(invalid)
        : ifStartable(wanted, () -> triggers.update(seen, wanted));
  }

  /** Pauses a trigger, or lets it go on where it has stopped. */
  public CompletionStage<TriggerOutcome> pause(String name, boolean paused) {
    return triggers.pause(name, paused);
  }

  /** Deletes a trigger; false: there was none. What its records have started goes on. */
  public CompletionStage<Boolean> delete(String name) {
    return triggers.delete(name);
  }

  public CompletionStage<Optional<TopicTrigger>> describe(String name) {
    return triggers.describe(name);
  }

  /** All triggers, by their names; there are never more than a hundred. */
  public CompletionStage<List<TopicTrigger>> list() {
    return triggers.list();
  }

  /** How far triggers have come, by their names. */
  public CompletionStage<Map<String, TriggerStatus>> statuses(Collection<TopicTrigger> of) {
    return cluster.statuses(of);
  }

  // ------------------------------------------------------------------ checks

  private static TopicTrigger wanted(
      TriggerSpec spec, String id, List<Long> from, Instant creationDate, Instant updateDate) {
    return new TopicTrigger(
        spec.name(),
        id,
        spec.topic(),
        spec.stateMachineArn(),
        format(spec),
        spec.filter(),
        spec.input() == null ? null : Payloads.of(spec.input()),
        spec.executionName(),
        from,
        spec.paused(),
        creationDate,
        updateDate);
  }

  private static TriggerFormat format(TriggerSpec spec) {
    if (spec.format() != null) {
      return spec.format();
    }
    return spec.topic().equals(Topics.COMPLETIONS) ? TriggerFormat.COMPLETION : TriggerFormat.JSON;
  }

  private TriggerResult.@Nullable Invalid invalid(TopicTrigger trigger) {
    if (!NAME.matcher(trigger.getName()).matches()) {
      return new TriggerResult.Invalid(
          "name",
          "A trigger can't have this name",
          "Use 1 to 80 letters, digits, dots, underscores and hyphens");
    }
    TriggerResult.Invalid invalid = invalidTopic(trigger);
    if (invalid == null) {
      invalid = invalidSize(trigger);
    }
    if (invalid == null
        && TriggerRules.of(trigger) instanceof TriggerRules.Compilation.Invalid bad) {
      invalid =
          new TriggerResult.Invalid(
              bad.member(),
              bad.reason(),
              "Write JSONata in {% %}; it sees the record's value as $states.input and the rest as"
                  + " $states.context.Trigger");
    }
    return invalid;
  }

  private TriggerResult.@Nullable Invalid invalidTopic(TopicTrigger trigger) {
    String topic = trigger.getTopic();
    boolean completions = topic.equals(Topics.COMPLETIONS);
    if (!TOPIC.matcher(topic).matches()) {
      return new TriggerResult.Invalid(
          "topic",
          "Kafka has no topics of this name",
          "Use 1 to 249 letters, digits, dots, underscores and hyphens");
    }
    if (!completions && INTERNAL.stream().anyMatch(topic::startsWith)) {
      return new TriggerResult.Invalid(
          "topic",
          "The topic '%s' is internal: each execution writes there, and so would start others"
              .formatted(topic),
          "Use a topic of your own, or " + Topics.COMPLETIONS);
    }
    if (completions && trigger.getFilter() == null) {
      return new TriggerResult.Invalid(
          "filter",
          "Each execution ends with a record on %s, also those that this trigger starts"
              .formatted(topic),
          "Give a filter that lets through only the ends which are to start something");
    }
    if (completions != (trigger.getFormat() == TriggerFormat.COMPLETION)) {
      return new TriggerResult.Invalid(
          "format", "The topic's values have another format", "Leave format out");
    }
    if (trigger.getFormat() == TriggerFormat.AVRO && !avroServed) {
      return new TriggerResult.Invalid(
          "format",
          "There is no schema registry that knows the values' schemas",
          "Set schema.registry.url, or use another format");
    }
    return null;
  }

  private static TriggerResult.@Nullable Invalid invalidSize(TopicTrigger trigger) {
    if (isTooLong(trigger.getFilter())) {
      return tooLong("filter", LONGEST_EXPRESSION);
    }
    if (isTooLong(trigger.getExecutionName())) {
      return tooLong("executionName", LONGEST_EXPRESSION);
    }
    return trigger.getInput() != null && trigger.getInput().remaining() > LONGEST_INPUT
        ? tooLong("input", LONGEST_INPUT)
        : null;
  }

  private static boolean isTooLong(@Nullable String expression) {
    return expression != null && expression.length() > LONGEST_EXPRESSION;
  }

  private static TriggerResult.Invalid tooLong(String member, int most) {
    return new TriggerResult.Invalid(
        member,
        "%s is longer than %d".formatted(member, most),
        "Leave the work to the state machine");
  }

  private CompletionStage<TriggerResult> ifStartable(
      TopicTrigger trigger, Supplier<CompletionStage<TriggerOutcome>> change) {
    return machines
        .startable(trigger.getStateMachineArn())
        .thenCompose(
            found ->
                switch (found.orElse(null)) {
                  case Startable.Revision _ -> change.get().thenApply(TriggerResult.Decided::new);
                  case Startable.Deleting() ->
                      invalid(
                          "stateMachineArn",
                          "The state machine is being deleted",
                          "Name another one");
                  case null ->
                      invalid(
                          "stateMachineArn",
                          "There is no state machine, version or alias '%s'"
                              .formatted(trigger.getStateMachineArn()),
                          "Create it first, or correct the ARN");
                });
  }

  private static CompletionStage<TriggerResult> invalid(String member, String detail, String mend) {
    return CompletableFuture.completedFuture(new TriggerResult.Invalid(member, detail, mend));
  }
}
