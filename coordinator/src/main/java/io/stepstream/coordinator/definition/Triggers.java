package io.stepstream.coordinator.definition;

import io.stepstream.schemas.TopicTrigger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The triggers of this installation. Fails as {@link StateMachines} do. */
public final class Triggers {

  private final DefinitionLog log;

  Triggers(DefinitionLog log) {
    this.log = log;
  }

  /** Creates a trigger; the same request again gives the trigger that is there. */
  public CompletionStage<TriggerOutcome> create(TopicTrigger trigger) {
    return log.change(() -> TriggerChanges.create(trigger, log.known(), log.now()));
  }

  /**
   * Changes a trigger.
   *
   * @param seen the trigger as the caller knows it
   * @param wanted the same with what is to be changed
   */
  public CompletionStage<TriggerOutcome> update(TopicTrigger seen, TopicTrigger wanted) {
    return log.change(() -> TriggerChanges.update(seen, wanted, log.known(), log.now()));
  }

  /** Pauses a trigger, or lets it go on. */
  public CompletionStage<TriggerOutcome> pause(String name, boolean paused) {
    return log.change(() -> TriggerChanges.pause(name, paused, log.known(), log.now()));
  }

  /** Deletes a trigger; false: there was none. */
  public CompletionStage<Boolean> delete(String name) {
    return log.change(() -> TriggerChanges.delete(name, log.known()));
  }

  /** A trigger; see {@link StateMachines#current} for when it is said not to exist. */
  public CompletionStage<Optional<TopicTrigger>> describe(String name) {
    return log.look(() -> log.known().trigger(name).map(Defined::value));
  }

  /** All triggers, by their names. */
  public CompletionStage<List<TopicTrigger>> list() {
    return log.list(this::known);
  }

  /** What this node knows of at present, by their names. */
  public List<TopicTrigger> known() {
    return log.known().triggers();
  }
}
