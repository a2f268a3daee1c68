package io.stepstream.coordinator.definition;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.ActivityDefinition;
import io.stepstream.schemas.ResourceTag;
import io.stepstream.schemas.ResourceTags;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.SealPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The activities of this installation. Fails as {@link StateMachines} do. */
public final class ActivityDefinitions {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DefinitionLog log;

  ActivityDefinitions(DefinitionLog log) {
    this.log = log;
  }

  /** How an activity's tasks are to be sealed; null: it names no key. */
  static @Nullable SealPolicy sealing(ActivityDefinition activity) {
    ByteBuffer encryption = activity.getEncryption();
    try {
      return encryption == null
          ? null
          : MachineConfiguration.sealing(JSON.readTree(Payloads.bytes(encryption)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates an activity; idempotent by its name, whatever its tags.
   *
   * @param encryption AWS's encryptionConfiguration; null: none was given
   */
  public CompletionStage<ActivityOutcome> create(
      String activityArn, String name, byte @Nullable [] encryption, List<ResourceTag> tags) {
    ByteBuffer wrapped = encryption == null ? null : ByteBuffer.wrap(encryption);
    return log.change(() -> create(activityArn, name, wrapped, tags, log.known(), log.now()));
  }

  static Decision<ActivityOutcome> create(
      String arn,
      String name,
      @Nullable ByteBuffer encryption,
      List<ResourceTag> tags,
      DefinitionIndex known,
      Instant now) {
    Optional<Defined<ActivityDefinition>> existing = known.activity(arn);
    if (existing.isPresent()) {
      ActivityDefinition activity = existing.get().value();
      return new Decision.Settled<>(
          Objects.equals(activity.getEncryption(), encryption)
              ? new ActivityOutcome.Created(activity)
              : new ActivityOutcome.AlreadyExists());
    }
    ActivityDefinition activity = new ActivityDefinition(arn, name, now, encryption);
    List<Decision.Row> rows = new ArrayList<>();
    rows.add(new Decision.Row(arn, activity));
    if (!tags.isEmpty()) {
      rows.add(new Decision.Row(DefinitionKeys.tags(arn), new ResourceTags(arn, tags)));
    }
    return new Decision.Write<>(rows, new ActivityOutcome.Created(activity));
  }

  /** Deletes an activity; one that isn't there is deleted already. */
  public CompletionStage<Void> delete(String activityArn) {
    return log.change(() -> delete(activityArn, log.known())).thenApply(_ -> null);
  }

  static Decision<Boolean> delete(String arn, DefinitionIndex known) {
    return known.activity(arn).isEmpty()
        ? new Decision.Settled<>(false)
        : new Decision.Write<>(
            List.of(new Decision.Row(arn, null), new Decision.Row(DefinitionKeys.tags(arn), null)),
            true);
  }

  /** An activity; see {@link StateMachines#current} for when it is said not to exist. */
  public CompletionStage<Optional<ActivityDefinition>> describe(String activityArn) {
    return log.look(() -> log.known().activity(activityArn).map(Defined::value));
  }

  /**
   * The activities there are, in the order of their creation.
   *
   * @param after only those behind this offset; -1: all
   */
  public CompletionStage<DefinitionPage<ActivityDefinition>> list(long after, int maxResults) {
    return log.list(
        () -> DefinitionPage.of(log.known().activities(after, maxResults + 1), maxResults));
  }
}
