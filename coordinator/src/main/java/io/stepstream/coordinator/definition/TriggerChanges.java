package io.stepstream.coordinator.definition;

import io.stepstream.schemas.TopicTrigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What changes of triggers come to. */
final class TriggerChanges {

  /** Each is a consumer with its buffers and a thread on every node. */
  static final int MOST_TRIGGERS = 100;

  private TriggerChanges() {}

  /**
   * @param wanted its id, beginnings and dates count only if it becomes a new trigger
   */
  static Decision<TriggerOutcome> create(TopicTrigger wanted, DefinitionIndex known, Instant now) {
    Optional<Defined<TopicTrigger>> existing = known.trigger(wanted.getName());
    if (existing.isPresent()) {
      TopicTrigger there = existing.get().value();
      return new Decision.Settled<>(
          asOf(wanted, there, there.getUpdateDate()).equals(there)
              ? new TriggerOutcome.Done(there)
              : new TriggerOutcome.AlreadyExists());
    }
    if (known.triggers().size() >= MOST_TRIGGERS) {
      return new Decision.Settled<>(new TriggerOutcome.TooMany(MOST_TRIGGERS));
    }
    return write(with(wanted, wanted.getId(), wanted.getFrom(), wanted.getPaused(), now, now));
  }

  /**
   * @param seen what {@code wanted} was made of: a change in between must not be lost
   */
  static Decision<TriggerOutcome> update(
      TopicTrigger seen, TopicTrigger wanted, DefinitionIndex known, Instant now) {
    Optional<Defined<TopicTrigger>> existing = known.trigger(wanted.getName());
    if (existing.isEmpty()) {
      return new Decision.Settled<>(new TriggerOutcome.NotFound());
    }
    TopicTrigger there = existing.get().value();
    if (!there.equals(seen)) {
      return new Decision.Settled<>(new TriggerOutcome.Outdated());
    }
    return asOf(wanted, there, there.getUpdateDate()).equals(there)
        ? new Decision.Settled<>(new TriggerOutcome.Done(there))
        : write(asOf(wanted, there, now));
  }

  static Decision<TriggerOutcome> pause(
      String name, boolean paused, DefinitionIndex known, Instant now) {
    Optional<Defined<TopicTrigger>> existing = known.trigger(name);
    if (existing.isEmpty()) {
      return new Decision.Settled<>(new TriggerOutcome.NotFound());
    }
    TopicTrigger there = existing.get().value();
    if (there.getPaused() == paused) {
      return new Decision.Settled<>(new TriggerOutcome.Done(there));
    }
    return write(with(there, there.getId(), there.getFrom(), paused, there.getCreationDate(), now));
  }

  /** One that isn't there is deleted already. True: it was there. */
  static Decision<Boolean> delete(String name, DefinitionIndex known) {
    return known.trigger(name).isEmpty()
        ? new Decision.Settled<>(false)
        : new Decision.Write<>(List.of(new Decision.Row(DefinitionKeys.trigger(name), null)), true);
  }

  /** What a caller can say of a trigger, of the very trigger which is there. */
  private static TopicTrigger asOf(TopicTrigger wanted, TopicTrigger there, Instant updateDate) {
    return with(
        wanted,
        there.getId(),
        there.getFrom(),
        wanted.getPaused(),
        there.getCreationDate(),
        updateDate);
  }

  /** Not by the generated builder, which looks classes up in Avro's class loader. */
  private static TopicTrigger with(
      TopicTrigger trigger,
      String id,
      List<Long> from,
      boolean paused,
      Instant creationDate,
      Instant updateDate) {
    return new TopicTrigger(
        trigger.getName(),
        id,
        trigger.getTopic(),
        trigger.getStateMachineArn(),
        trigger.getFormat(),
        trigger.getFilter(),
        trigger.getInput(),
        trigger.getExecutionName(),
        from,
        paused,
        creationDate,
        updateDate);
  }

  private static Decision<TriggerOutcome> write(TopicTrigger trigger) {
    return new Decision.Write<>(
        List.of(new Decision.Row(DefinitionKeys.trigger(trigger.getName()), trigger)),
        new TriggerOutcome.Done(trigger));
  }
}
