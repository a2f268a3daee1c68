package io.stepstream.coordinator.definition;

import io.stepstream.schemas.ActivityDefinition;
import io.stepstream.schemas.ResourceTags;
import io.stepstream.schemas.StateMachineAlias;
import io.stepstream.schemas.StateMachineDeletion;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import io.stepstream.schemas.TopicTrigger;
import java.util.List;

/**
 * Keys of the records on the topic of definitions (ADR 0025). Part of the storage format:
 * compaction goes by them.
 */
final class DefinitionKeys {

  private DefinitionKeys() {}

  static String revision(String stateMachineArn, String revisionId) {
    return stateMachineArn + '@' + revisionId;
  }

  static String revision(StateMachineRevision revision) {
    return revision(revision.getStateMachineArn(), revision.getRevisionId());
  }

  /** Of a version or an alias: its ARN. Names of aliases are no numbers, so they never meet. */
  static String qualified(String stateMachineArn, Object qualifier) {
    return stateMachineArn + ':' + qualifier;
  }

  static String deletion(String stateMachineArn) {
    return stateMachineArn + "#deletion";
  }

  static String tags(String resourceArn) {
    return resourceArn + "#tags";
  }

  /** Of a trigger. No ARN begins so. */
  static String trigger(String name) {
    return "trigger/" + name;
  }

  /** The keys that a record may have; empty: it is of a kind that this version doesn't know. */
  static List<String> of(Object body) {
    return switch (body) {
      case StateMachineRevision r -> List.of(r.getStateMachineArn(), revision(r));
      case StateMachineVersion v -> List.of(qualified(v.getStateMachineArn(), v.getNumber()));
      case StateMachineAlias a -> List.of(qualified(a.getStateMachineArn(), a.getName()));
      case StateMachineDeletion d -> List.of(deletion(d.getLast().getStateMachineArn()));
      case ActivityDefinition a -> List.of(a.getActivityArn());
      case ResourceTags t -> List.of(tags(t.getResourceArn()));
      case TopicTrigger t -> List.of(trigger(t.getName()));
      default -> List.of();
    };
  }
}
