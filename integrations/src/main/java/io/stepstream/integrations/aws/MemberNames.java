package io.stepstream.integrations.aws;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/**
 * What the members of an answer are called. AWS Step Functions names those of {@code aws-sdk}
 * actions after the methods of AWS's SDK for Java 2, and those of its older integrations after the
 * service's own description: {@code Md5OfMessageBody} and {@code MD5OfMessageBody}, {@code Bool}
 * and {@code BOOL}. Thread safe; remembers as many types as the client modules have.
 */
final class MemberNames {

  private final Map<Class<?>, Map<String, String>> methods = new ConcurrentHashMap<>();

  /** After the SDK's method: {@code dbInstanceArn()} gives {@code DbInstanceArn}. */
  String ofMethod(SdkPojo owner, SdkField<?> member) {
    String name = member.memberName();
    return capitalized(
        methods
            .computeIfAbsent(owner.getClass(), MemberNames::methods)
            .getOrDefault(plain(name), name));
  }

  /** As the service itself has it. */
  static String ofModel(SdkPojo owner, SdkField<?> member) {
    // Some members have another name in the SDK only, DynamoDB's NULL for one; a header's is no
    // member's name.
    return capitalized(
        member.location() == MarshallLocation.PAYLOAD
            ? member.locationName()
            : member.memberName());
  }

  private static Map<String, String> methods(Class<?> type) {
    Map<String, String> names = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (method.getParameterCount() == 0 && method.getDeclaringClass() == type) {
        names.put(plain(method.getName()), method.getName());
      }
    }
    return Map.copyOf(names);
  }

  /** What names of a member have in common, however they are written. */
  static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (Character.isLetterOrDigit(name.charAt(i))) {
        plain.append(name.charAt(i));
      }
    }
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  private static String capitalized(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
