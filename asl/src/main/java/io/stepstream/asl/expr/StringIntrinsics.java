package io.stepstream.asl.expr;

import io.stepstream.asl.expr.Intrinsic.Result;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The intrinsic functions on strings. */
final class StringIntrinsics {

  private static final int MAX_ENCODED = 10_000;

  private static final Set<String> ALGORITHMS =
      Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

  private StringIntrinsics() {}

  /** Replaces each {@code {}} of the template by the next argument; braces may be escaped. */
  static Result format(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof String template)) {
      return new Result.Refused("The first argument of States.Format must be a string");
    }
    StringBuilder text = new StringBuilder(template.length() + 32);
    int used = 1;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      char next = i + 1 < template.length() ? template.charAt(i + 1) : '\0';
      if (c == '\\' && (next == '{' || next == '}' || next == '\\' || next == '\'')) {
        text.append(next);
        i++;
      } else if (c == '{' && next == '}') {
        if (used == arguments.size()) {
          return mismatch();
        }
        text.append(display(arguments.get(used++)));
        i++;
      } else {
        text.append(c);
      }
    }
    return used == arguments.size() ? new Result.Value(text.toString()) : mismatch();
  }

  private static Result mismatch() {
    return new Result.Refused(
        "The number of arguments to States.Format do not match the occurrences of {}");
  }

  /** Strings as they are, the rest as Java shows it: AWS prints {@code {Id=1}} for an object. */
  static String display(Object json) {
    StringBuilder text = new StringBuilder();
    display(json, text);
    return text.toString();
  }

  private static void display(Object json, StringBuilder text) {
    switch (json) {
      case Map<?, ?> object -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          display(entry.getValue(), text.append(separator).append(entry.getKey()).append('='));
          separator = ", ";
        }
        text.append(object.isEmpty() ? "{}" : "}");
      }
      case List<?> array -> {
        String separator = "[";
        for (Object item : array) {
          display(item, text.append(separator));
          separator = ", ";
        }
        text.append(array.isEmpty() ? "[]" : "]");
      }
      case String string -> text.append(string);
      default -> text.append(Json.encode(json));
    }
  }

  /** Blank text gives null, as AWS has it. */
  static Result stringToJson(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof String text)) {
      return new Result.Refused("The argument of States.StringToJson must be a string");
    }
    if (text.isBlank()) {
      return new Result.Value(Json.NULL);
    }
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> new Result.Value(json);
      case Decoded.Malformed(String message, int line, int column) ->
          new Result.Refused("%s at line %d, column %d".formatted(message, line, column));
    };
  }

  static Result jsonToString(List<Object> arguments, Entropy entropy) {
    return new Result.Value(Json.encode(arguments.get(0)));
  }

  static Result base64Encode(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof String text) || text.length() > MAX_ENCODED) {
      return tooLong("States.Base64Encode");
    }
    return new Result.Value(
        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Result base64Decode(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof String text) || text.length() > MAX_ENCODED) {
      return tooLong("States.Base64Decode");
    }
    try {
      return new Result.Value(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return new Result.Refused("The argument of States.Base64Decode is not Base64: " + text);
    }
  }

  private static Result tooLong(String function) {
    return new Result.Refused(
        "The argument of %s must be a string of at most %d characters"
            .formatted(function, MAX_ENCODED));
  }

  static Result hash(List<Object> arguments, Entropy entropy) {
    Object data = arguments.get(0);
    String text = data instanceof String string ? string : Json.encode(data);
    if (text.length() > MAX_ENCODED) {
      return tooLong("States.Hash");
    }
    if (!(arguments.get(1) instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
      return new Result.Refused(
          "The algorithm of States.Hash must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
    }
    return new Result.Value(hash(text, algorithm));
  }

  static boolean isHashAlgorithm(String name) {
    return ALGORITHMS.contains(name);
  }

  /** The hash in lower-case hexadecimal digits. */
  static String hash(String text, String algorithm) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /** Splits at any of the characters of the second argument; empty parts are dropped. */
  static Result split(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof String text)
        || !(arguments.get(1) instanceof String separators)) {
      return new Result.Refused("States.StringSplit requires two strings");
    }
    List<Object> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || separators.indexOf(text.charAt(i)) >= 0) {
        if (i > start) {
          parts.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return new Result.Value(parts);
  }
}
