package io.stepstream.integrations.s3;

import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/** The arguments of a state, given to a request of S3 under the names that they have in its API. */
final class S3Arguments {

  private S3Arguments() {}

  /**
   * @param action S3's name of it, for people
   * @throws ReadRefused the action has no such argument, or not of such a type
   */
  static <T extends SdkPojo> T apply(Map<String, Object> arguments, T builder, String action)
      throws ReadRefused {
    Map<String, SdkField<?>> fields = new HashMap<>();
    for (SdkField<?> field : builder.sdkFields()) {
      fields.put(field.memberName(), field);
    }
    for (Map.Entry<String, Object> argument : arguments.entrySet()) {
      SdkField<?> field = fields.get(argument.getKey());
      if (field == null) {
        throw new ReadRefused("S3's %s has no argument '%s'.".formatted(action, argument.getKey()));
      }
      if (argument.getValue() != Json.NULL) {
        field.set(builder, value(field, argument.getValue()));
      }
    }
    return builder;
  }

  private static Object value(SdkField<?> field, Object given) throws ReadRefused {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.STRING && given instanceof String
        || type == MarshallingType.BOOLEAN && given instanceof Boolean
        || type == MarshallingType.LIST && given instanceof List
        || type == MarshallingType.MAP && given instanceof Map) {
      return given;
    }
    if (given instanceof Number number) {
      if (type == MarshallingType.INTEGER) {
        return number.intValue();
      }
      if (type == MarshallingType.LONG) {
        return number.longValue();
      }
      if (type == MarshallingType.INSTANT) {
        return Instant.ofEpochSecond(number.longValue());
      }
    }
    if (type == MarshallingType.INSTANT && given instanceof String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new ReadRefused("'%s' is no moment: %s".formatted(field.memberName(), text));
      }
    }
    throw new ReadRefused(
        "The argument '%s' cannot be of the type %s."
            .formatted(field.memberName(), Json.typeName(given)));
  }
}
