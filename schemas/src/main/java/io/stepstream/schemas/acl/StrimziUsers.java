package io.stepstream.schemas.acl;

import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The table as {@code KafkaUser}s of Strimzi. */
public final class StrimziUsers {

  private StrimziUsers() {}

  /**
   * One document of YAML per component.
   *
   * @param cluster the {@code Kafka} that they belong to
   */
  public static String yaml(String cluster) {
    var yaml = new StringBuilder();
    yaml.append("# What each component of Stepstream may do: no more than this.\n");
    for (Component component : Component.values()) {
      yaml.append(
          """
          ---
          apiVersion: kafka.strimzi.io/v1
          kind: KafkaUser
          metadata:
            name: %s
            labels:
              strimzi.io/cluster: %s
          spec:
            authentication:
              type: scram-sha-512
            authorization:
              type: simple
              acls:
          """
              .formatted(component.defaultUser(), cluster));
      component.grants().forEach(grant -> yaml.append(acl(grant)));
    }
    return yaml.toString();
  }

  private static String acl(Grant grant) {
    return """
          # %s
          - resource:
              type: %s
              name: "%s"
              patternType: %s
            operations: [%s]
    """
        .formatted(
            grant.why(),
            type(grant),
            grant.resource().name(),
            grant.resource().patternType() == PatternType.PREFIXED ? "prefix" : "literal",
            grant.operations().stream()
                .map(SecurityUtils::operationName)
                .collect(Collectors.joining(", ")));
  }

  private static String type(Grant grant) {
    return switch (grant.resource().resourceType()) {
      case TOPIC -> "topic";
      case GROUP -> "group";
      case TRANSACTIONAL_ID -> "transactionalId";
      case CLUSTER, DELEGATION_TOKEN, USER, ANY, UNKNOWN ->
          throw new IllegalStateException("no component has rights to " + grant.resource());
    };
  }
}
