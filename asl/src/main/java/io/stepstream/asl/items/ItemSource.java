package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import java.util.Map;

/**
 * An ItemReader whose expressions have been evaluated.
 *
 * @param arguments of the action
 * @param maxItems how many items there are at most; 0: no bound
 */
public record ItemSource(
    Action action, Map<String, Object> arguments, ReaderConfig config, long maxItems) {

  /** What the Resource of an ItemReader names. */
  public enum Action {
    /** {@code s3:getObject}: one object is read. */
    GET_OBJECT,
    /** {@code s3:listObjectsV2}: the objects of a bucket are listed. */
    LIST_OBJECTS,
    /** {@code kafka:read}: the records of a topic are read. */
    READ_TOPIC;

    /** Of a Resource that the definition's validation has let through. */
    public static Action of(String resource) {
      if (resource.endsWith(":kafka:read")) {
        return READ_TOPIC;
      }
      return resource.endsWith(":s3:listObjectsV2") ? LIST_OBJECTS : GET_OBJECT;
    }
  }

  boolean listing() {
    return action == Action.LIST_OBJECTS;
  }

  /** Where the items come from, as {@code $$.Map.Item.Source} tells. */
  public String name() {
    return switch (action) {
      case GET_OBJECT -> "S3://" + arguments.get("Bucket") + key();
      case LIST_OBJECTS -> "S3://" + arguments.get("Bucket");
      case READ_TOPIC -> "KAFKA://" + arguments.get("Topic");
    };
  }

  private String key() {
    return arguments.get("Key") instanceof Object key ? "/" + key : "";
  }
}
