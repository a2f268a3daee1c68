package io.stepstream.schemas.acl;

import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The table as commands for Kafka's {@code kafka-acls.sh}. */
public final class KafkaAclsScript {

  private KafkaAclsScript() {}

  /** A script for a POSIX shell. Adding the same rights again changes nothing. */
  public static String text() {
    var script = new StringBuilder();
    script.append(
        """
        #!/bin/sh
        # Grants each component of Stepstream what it needs and nothing more.
        # Usage: BOOTSTRAP=host:port [COMMAND_CONFIG=admin.properties] [KAFKA_ACLS=kafka-acls.sh] ./acls.sh
        set -eu
        : "${BOOTSTRAP:?host:port of a broker}"

        allow() {
          "${KAFKA_ACLS:-kafka-acls.sh}" --bootstrap-server "$BOOTSTRAP" \\
            ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} --add --force "$@"
        }
        """);
    for (Component component : Component.values()) {
      script.append("\n# ").append(component.name().toLowerCase(Locale.ROOT)).append('\n');
      component
          .grants()
          .forEach(
              grant ->
                  script
                      .append("# ")
                      .append(grant.why())
                      .append("\nallow --allow-principal \"User:${")
                      .append(component.name())
                      .append(":-")
                      .append(component.defaultUser())
                      .append("}\" ")
                      .append(operations(grant))
                      .append(resource(grant))
                      .append('\n'));
    }
    return script.toString();
  }

  private static String operations(Grant grant) {
    return grant.operations().stream()
        .map(operation -> "--operation " + SecurityUtils.operationName(operation))
        .collect(Collectors.joining(" ", "", " "));
  }

  private static String resource(Grant grant) {
    String option =
        switch (grant.resource().resourceType()) {
          case TOPIC -> "--topic ";
          case GROUP -> "--group ";
          case TRANSACTIONAL_ID -> "--transactional-id ";
          case CLUSTER, DELEGATION_TOKEN, USER, ANY, UNKNOWN ->
              throw new IllegalStateException("no component has rights to " + grant.resource());
        };
    return option
        + grant.resource().name()
        + (grant.resource().patternType() == PatternType.PREFIXED
            ? " --resource-pattern-type prefixed"
            : "");
  }
}
