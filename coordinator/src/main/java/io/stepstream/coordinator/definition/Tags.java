package io.stepstream.coordinator.definition;

import io.stepstream.schemas.ResourceTag;
import io.stepstream.schemas.ResourceTags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The tags of state machines and activities. Fails as {@link StateMachines} do. */
public final class Tags {

  /** AWS's quota. */
  public static final int MOST = 50;

  private final DefinitionLog log;

  Tags(DefinitionLog log) {
    this.log = log;
  }

  /** Adds tags, in place of those with the same keys. */
  public CompletionStage<TagOutcome> add(String resourceArn, List<ResourceTag> tags) {
    return log.change(
        () -> {
          Map<String, ResourceTag> all = byKey(known(resourceArn));
          tags.forEach(tag -> all.put(tag.getKey(), tag));
          return decide(resourceArn, all.values(), log.known());
        });
  }

  /** Removes the tags with these keys, as far as they are there. */
  public CompletionStage<TagOutcome> remove(String resourceArn, List<String> keys) {
    return log.change(
        () -> {
          Map<String, ResourceTag> all = byKey(known(resourceArn));
          keys.forEach(all::remove);
          return decide(resourceArn, all.values(), log.known());
        });
  }

  /** Empty: there is no such resource. */
  public CompletionStage<Optional<List<ResourceTag>>> list(String resourceArn) {
    return log.look(
        () ->
            exists(resourceArn, log.known()) ? Optional.of(known(resourceArn)) : Optional.empty());
  }

  private List<ResourceTag> known(String resourceArn) {
    return log.known().tags(resourceArn).map(ResourceTags::getTags).orElse(List.of());
  }

  private static Map<String, ResourceTag> byKey(List<ResourceTag> tags) {
    Map<String, ResourceTag> byKey = new LinkedHashMap<>();
    tags.forEach(tag -> byKey.put(tag.getKey(), tag));
    return byKey;
  }

  private static Decision<TagOutcome> decide(
      String arn, Collection<ResourceTag> tags, DefinitionIndex known) {
    if (!exists(arn, known)) {
      return new Decision.Settled<>(TagOutcome.NO_SUCH_RESOURCE);
    }
    if (tags.size() > MOST) {
      return new Decision.Settled<>(TagOutcome.TOO_MANY);
    }
    ResourceTags row = tags.isEmpty() ? null : new ResourceTags(arn, new ArrayList<>(tags));
    return new Decision.Write<>(
        List.of(new Decision.Row(DefinitionKeys.tags(arn), row)), TagOutcome.DONE);
  }

  private static boolean exists(String arn, DefinitionIndex known) {
    return known.current(arn).isPresent() || known.activity(arn).isPresent();
  }
}
