package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the definitions topic amount to. One thread writes, any number read.
 *
 * <p>A revision record is keyed {@code arn@revisionId} and immutable; a record keyed by the arn
 * alone says which revision is the current one, and holds it in full, so that the two records never
 * depend on each other's survival.
 */
final class DefinitionIndex {

  private final ConcurrentMap<String, DefinedMachine> revisions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, DefinedMachine> current = new ConcurrentHashMap<>();

  static String revisionKey(String stateMachineArn, String revisionId) {
    return stateMachineArn + '@' + revisionId;
  }

  static String revisionKey(StateMachineRevision revision) {
    return revisionKey(revision.getStateMachineArn(), revision.getRevisionId());
  }

  /** Why the record contradicts itself or what is known; null when it can be put. */
  @Nullable String contradiction(String key, StateMachineRevision revision) {
    String impossible = impossible(key, revision);
    if (impossible != null) {
      return impossible;
    }
    DefinedMachine known = revisions.get(revisionKey(revision));
    if (known != null && !known.revision().equals(revision)) {
      return "revision " + revisionKey(revision) + " is defined differently at " + known.offset();
    }
    return null;
  }

  /** Takes a record in that has no {@link #contradiction}. */
  void put(String key, StateMachineRevision revision, long offset) {
    DefinedMachine defined = new DefinedMachine(revision, offset);
    revisions.putIfAbsent(revisionKey(revision), defined);
    if (!key.equals(revisionKey(revision))) {
      current.put(key, defined);
    }
  }

  /** Forgets what a tombstone's key names. */
  void remove(String key) {
    revisions.remove(key);
    current.remove(key);
  }

  Optional<DefinedMachine> current(String stateMachineArn) {
    return Optional.ofNullable(current.get(stateMachineArn));
  }

  /** Current revisions behind an offset, in its order. */
  List<DefinedMachine> list(long after, int atMost) {
    return current.values().stream()
        .filter(machine -> machine.offset() > after)
        .sorted(Comparator.comparingLong(DefinedMachine::offset))
        .limit(atMost)
        .toList();
  }

  Optional<DefinedMachine> revision(String stateMachineArn, String revisionId) {
    return Optional.ofNullable(revisions.get(revisionKey(stateMachineArn, revisionId)));
  }

  private static @Nullable String impossible(String key, StateMachineRevision revision) {
    String arn = revision.getStateMachineArn();
    if (!key.equals(arn) && !key.equals(revisionKey(revision))) {
      return "the key '" + key + "' names another machine than the value, " + arn;
    }
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
