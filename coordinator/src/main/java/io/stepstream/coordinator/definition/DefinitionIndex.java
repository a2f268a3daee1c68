package io.stepstream.coordinator.definition;

import io.stepstream.schemas.ActivityDefinition;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ResourceTags;
import io.stepstream.schemas.StateMachineAlias;
import io.stepstream.schemas.StateMachineDeletion;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.sealing.SealPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the definitions topic amount to. One thread writes, any number read.
 *
 * <p>A revision record is keyed {@code arn@revisionId} and immutable; a record keyed by the arn
 * alone says which revision is the current one, and holds it in full, so that the two records never
 * depend on each other's survival.
 */
final class DefinitionIndex {

  // By key, so that what belongs to one machine is a range.
  private final ConcurrentSkipListMap<String, Defined<StateMachineRevision>> revisions =
      new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, Defined<StateMachineVersion>> versions =
      new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, Defined<StateMachineAlias>> aliases =
      new ConcurrentSkipListMap<>();

  private final ConcurrentMap<String, Defined<StateMachineRevision>> current =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, StateMachineDeletion> deletions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Defined<ActivityDefinition>> activities =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, ResourceTags> tags = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Defined<TopicTrigger>> triggers =
      new ConcurrentSkipListMap<>();

  /** Those that name a key, by the revision's key, the machine's ARN, the activity's ARN. */
  private final ConcurrentMap<String, SealPolicy> sealing = new ConcurrentHashMap<>();

  /** Why the record contradicts itself or what is known; null when it can be put. */
  @Nullable String contradiction(String key, Object body) {
    List<String> keys = DefinitionKeys.of(body);
    if (keys.isEmpty()) {
      return "the record is of a kind that is unknown to this version";
    }
    if (!keys.contains(key)) {
      return "the key '" + key + "' names another resource than the value, " + keys.getFirst();
    }
    return body instanceof StateMachineRevision revision ? contradiction(revision) : null;
  }

  private @Nullable String contradiction(StateMachineRevision revision) {
    String impossible = impossible(revision);
    if (impossible != null) {
      return impossible;
    }
    Defined<StateMachineRevision> known = revisions.get(DefinitionKeys.revision(revision));
    if (known != null && !known.value().equals(revision)) {
      return "revision "
          + DefinitionKeys.revision(revision)
          + " is defined differently at "
          + known.offset();
    }
    return null;
  }

  /** Takes a record in that has no {@link #contradiction}. */
  void put(String key, Object body, long offset) {
    switch (body) {
      case StateMachineRevision revision -> {
        Defined<StateMachineRevision> defined = new Defined<>(revision, offset);
        // First, since whoever finds a revision must find what it says of encryption.
        SealPolicy policy = MachineConfiguration.ofJson(revision.getConfiguration()).sealing();
        if (policy != null) {
          sealing.put(DefinitionKeys.revision(revision), policy);
          sealing.put(revision.getStateMachineArn(), policy);
        }
        revisions.putIfAbsent(DefinitionKeys.revision(revision), defined);
        if (key.equals(revision.getStateMachineArn())) {
          current.put(key, defined);
        }
      }
      case StateMachineVersion version -> versions.put(key, new Defined<>(version, offset));
      case StateMachineAlias alias -> aliases.put(key, new Defined<>(alias, offset));
      case StateMachineDeletion deletion ->
          deletions.put(deletion.getLast().getStateMachineArn(), deletion);
      case ActivityDefinition activity -> {
        SealPolicy policy = ActivityDefinitions.sealing(activity);
        if (policy != null) {
          sealing.put(key, policy);
        }
        activities.put(key, new Defined<>(activity, offset));
      }
      case ResourceTags resource -> tags.put(resource.getResourceArn(), resource);
      case TopicTrigger trigger -> triggers.put(key, new Defined<>(trigger, offset));
      default -> throw new IllegalArgumentException("it was contradicted: " + key);
    }
  }

  /** Forgets what a tombstone's key names. */
  void remove(String key) {
    revisions.remove(key);
    removeSealing(key);
    versions.remove(key);
    aliases.remove(key);
    current.remove(key);
    activities.remove(key);
    triggers.remove(key);
    int mark = key.lastIndexOf('#');
    if (mark >= 0) {
      String arn = key.substring(0, mark);
      if (key.equals(DefinitionKeys.deletion(arn))) {
        deletions.remove(arn);
      } else if (key.equals(DefinitionKeys.tags(arn))) {
        tags.remove(arn);
      }
    }
  }

  // ------------------------------------------------------------------ encryption

  /** A machine that is deleted has executions for as long as it has revisions. */
  private void removeSealing(String key) {
    if (sealing.isEmpty()) {
      return;
    }
    int at = key.lastIndexOf('@');
    if (at >= 0) {
      sealing.remove(key);
    }
    String arn = at < 0 ? key : key.substring(0, at);
    if (revisions(arn).stream().map(DefinitionKeys::revision).noneMatch(sealing::containsKey)) {
      sealing.remove(arn);
    }
  }

  /** Whether anything names a key. */
  boolean anySealing() {
    return !sealing.isEmpty();
  }

  /**
   * What is to be sealed how; null: it names no key.
   *
   * @param key of a revision, or the ARN of a machine, of whose revisions the latest that names a
   *     key counts, or of an activity
   */
  @Nullable SealPolicy sealing(String key) {
    return sealing.get(key);
  }

  // ------------------------------------------------------------------ machines

  Optional<Defined<StateMachineRevision>> current(String stateMachineArn) {
    return Optional.ofNullable(current.get(stateMachineArn));
  }

  /** Current revisions behind an offset, in its order. */
  List<Defined<StateMachineRevision>> machines(long after, int atMost) {
    return current.values().stream()
        .filter(machine -> machine.offset() > after)
        .sorted(Comparator.comparingLong(Defined::offset))
        .limit(atMost)
        .toList();
  }

  Optional<StateMachineRevision> revision(String stateMachineArn, String revisionId) {
    return defined(stateMachineArn, revisionId).map(Defined::value);
  }

  Optional<Defined<StateMachineRevision>> defined(String stateMachineArn, String revisionId) {
    return Optional.ofNullable(revisions.get(DefinitionKeys.revision(stateMachineArn, revisionId)));
  }

  List<StateMachineRevision> revisions(String stateMachineArn) {
    return range(revisions, stateMachineArn + '@').stream().map(Defined::value).toList();
  }

  Optional<StateMachineDeletion> deletion(String stateMachineArn) {
    return Optional.ofNullable(deletions.get(stateMachineArn));
  }

  List<StateMachineDeletion> deletions() {
    return List.copyOf(deletions.values());
  }

  // ------------------------------------------------------------------ versions and aliases

  /** A version that has not been deleted. */
  Optional<Defined<StateMachineVersion>> version(String stateMachineArn, int number) {
    return Optional.ofNullable(versions.get(DefinitionKeys.qualified(stateMachineArn, number)))
        .filter(version -> !version.value().getDeleted());
  }

  /** All of a machine, also those that have been deleted, the highest number first. */
  List<Defined<StateMachineVersion>> versions(String stateMachineArn) {
    return range(versions, stateMachineArn + ':').stream()
        .sorted(
            Comparator.comparingInt(
                    (Defined<StateMachineVersion> version) -> version.value().getNumber())
                .reversed())
        .toList();
  }

  Optional<Defined<StateMachineAlias>> alias(String stateMachineArn, String name) {
    return Optional.ofNullable(aliases.get(DefinitionKeys.qualified(stateMachineArn, name)));
  }

  /** All of a machine, the latest first. */
  List<Defined<StateMachineAlias>> aliases(String stateMachineArn) {
    return range(aliases, stateMachineArn + ':').stream()
        .sorted(
            Comparator.comparing(
                    (Defined<StateMachineAlias> alias) -> alias.value().getCreationDate())
                .thenComparing(alias -> alias.value().getName())
                .reversed())
        .toList();
  }

  /** The values whose key has a prefix; of a machine's ARN that ends in what no name contains. */
  private static <T> List<T> range(ConcurrentSkipListMap<String, T> map, String prefix) {
    Map<String, T> of = map.subMap(prefix, prefix + Character.MAX_VALUE);
    return List.copyOf(of.values());
  }

  // ------------------------------------------------------------------ activities, tags, triggers

  Optional<Defined<ActivityDefinition>> activity(String activityArn) {
    return Optional.ofNullable(activities.get(activityArn));
  }

  /** Activities behind an offset, in its order. */
  List<Defined<ActivityDefinition>> activities(long after, int atMost) {
    return activities.values().stream()
        .filter(activity -> activity.offset() > after)
        .sorted(Comparator.comparingLong(Defined::offset))
        .limit(atMost)
        .toList();
  }

  /** Empty also where there is no such resource. */
  Optional<ResourceTags> tags(String resourceArn) {
    return Optional.ofNullable(tags.get(resourceArn));
  }

  Optional<Defined<TopicTrigger>> trigger(String name) {
    return Optional.ofNullable(triggers.get(DefinitionKeys.trigger(name)));
  }

  /** All, by their names. */
  List<TopicTrigger> triggers() {
    return triggers.values().stream().map(Defined::value).toList();
  }

  private static @Nullable String impossible(StateMachineRevision revision) {
    String arn = revision.getStateMachineArn();
    if (revision.getRevisionId().isEmpty()) {
      return "the revision of " + arn + " has no id";
    }
    if (!arn.endsWith(":stateMachine:" + revision.getName())) {
      return "the name '" + revision.getName() + "' isn't that of " + arn;
    }
    if (revision.getLane() == Lane.UNKNOWN) {
      return "the type of " + arn + " is unknown to this version";
    }
    return null;
  }
}
