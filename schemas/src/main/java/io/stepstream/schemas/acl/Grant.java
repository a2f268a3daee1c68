package io.stepstream.schemas.acl;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What one component may do to one resource, or to all whose names begin alike.
 *
 * @param operations in the order of Kafka's enum; Describe is in Read and Write already
 * @param why for whoever has to allow it
 */
public record Grant(ResourcePattern resource, SortedSet<AclOperation> operations, String why) {

  private static final String ANY_HOST = "*";

  public Grant {
    requireNonNull(resource, "resource");
    requireNonNull(why, "why");
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("A grant of nothing: " + resource);
    }
    operations = Collections.unmodifiableSortedSet(new TreeSet<>(operations));
  }

  static Grant topic(String name, String why, AclOperation... operations) {
    return of(ResourceType.TOPIC, name, PatternType.LITERAL, why, operations);
  }

  static Grant topics(String prefix, String why, AclOperation... operations) {
    return of(ResourceType.TOPIC, prefix, PatternType.PREFIXED, why, operations);
  }

  static Grant group(String name, String why, AclOperation... operations) {
    return of(ResourceType.GROUP, name, PatternType.LITERAL, why, operations);
  }

  static Grant groups(String prefix, String why, AclOperation... operations) {
    return of(ResourceType.GROUP, prefix, PatternType.PREFIXED, why, operations);
  }

  static Grant transactionalIds(String prefix, String why, AclOperation... operations) {
    return of(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, why, operations);
  }

  private static Grant of(
      ResourceType type, String name, PatternType pattern, String why, AclOperation... operations) {
    return new Grant(
        new ResourcePattern(type, name, pattern), new TreeSet<>(List.of(operations)), why);
  }

  /**
   * For Kafka's {@code Admin}.
   *
   * @param principal with its type, {@code User:stepstream-worker}
   */
  public List<AclBinding> bindings(String principal) {
    return operations.stream()
        .map(
            operation ->
                new AclBinding(
                    resource,
                    new AccessControlEntry(
                        principal, ANY_HOST, operation, AclPermissionType.ALLOW)))
        .toList();
  }
}
