package io.stepstream.asl.engine;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Names an attempt of a task to the outside: what {@code $$.Task.Token} gives and SendTaskSuccess
 * takes. It is opaque to users and carries no secret: whoever answers for a task must be let in by
 * other means.
 */
public record TaskToken(String executionArn, long frameId, int epoch) {

  /** The token as users see it. */
  public String text() {
    String plain = epoch + "/" + frameId + "/" + executionArn;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /** Null: the text is no token. */
  public static @Nullable TaskToken parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      String[] parts = plain.split("/", 3);
      return parts.length == 3
          ? new TaskToken(parts[2], Long.parseLong(parts[1]), Integer.parseInt(parts[0]))
          : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
