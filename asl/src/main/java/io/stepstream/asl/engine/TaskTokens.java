package io.stepstream.asl.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The texts of task tokens: what {@code $$.Task.Token} and GetActivityTask give and SendTaskSuccess
 * takes. A function of the attempt and a secret, so that an order which is repeated carries the
 * same token, and nothing need be stored.
 *
 * <pre>
 * base64url( version(1) | generation(1) | epoch(4) | frame(8) | execution ARN in UTF-8 | MAC(16) )
 * </pre>
 *
 * <p>The ARN tells lane and partition, so whoever has the token finds the attempt without a lookup.
 * The MAC is what makes it a permission: without it anybody who knows an execution could end its
 * tasks. Immutable and thread safe.
 */
public final class TaskTokens {

  /** AWS's longest token, in characters. */
  public static final int LONGEST = 2048;

  private static final String ALGORITHM = "HmacSHA256";

  /** Keeps a MAC that was made with the same secret for something else from being one of ours. */
  private static final byte[] PURPOSE = "stepstream task token".getBytes(StandardCharsets.UTF_8);

  private static final byte VERSION = 1;

  /** Of the layout of partitions, by which the ARN leads to one (ADR 0008). */
  private static final byte GENERATION = 1;

  private static final int ARN_AT = 1 + 1 + Integer.BYTES + Long.BYTES;
  private static final int MAC_LENGTH = 16;

  private final List<SecretKeySpec> keys;

  /**
   * @param secrets the first one signs; tokens of any of them are taken, so that a secret can be
   *     replaced while its tokens are out
   * @throws IllegalArgumentException there is none, or one is empty
   */
  public TaskTokens(List<byte[]> secrets) {
    if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length == 0)) {
      throw new IllegalArgumentException("task tokens need a secret");
    }
    this.keys = secrets.stream().map(secret -> new SecretKeySpec(secret, ALGORITHM)).toList();
  }

  /** With one secret that is no secret: for executions which nobody can reach from outside. */
  public static TaskTokens unprotected() {
    return new TaskTokens(List.of(PURPOSE));
  }

  /** The token as users see it: at most {@link #LONGEST} characters for every ARN within bounds. */
  public String sign(TaskToken token) {
    return text(token, keys.getFirst());
  }

  /** Null: the text is no token, or none that was signed here. */
  public @Nullable TaskToken verify(String text) {
    TaskToken claimed = text.length() > LONGEST ? null : read(text);
    if (claimed == null) {
      return null;
    }
    byte[] given = text.getBytes(StandardCharsets.ISO_8859_1);
    for (SecretKeySpec key : keys) {
      // All of the text is compared and not just the MAC: Base64 has several texts for some bytes.
      byte[] expected = text(claimed, key).getBytes(StandardCharsets.ISO_8859_1);
      if (MessageDigest.isEqual(given, expected)) {
        return claimed;
      }
    }
    return null;
  }

  private static String text(TaskToken token, SecretKeySpec key) {
    byte[] arn = token.executionArn().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(ARN_AT + arn.length + MAC_LENGTH)
            .put(VERSION)
            .put(GENERATION)
            .putInt(token.epoch())
            .putLong(token.frameId())
            .put(arn);
    bytes.put(mac(bytes.array(), ARN_AT + arn.length, key));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private static @Nullable TaskToken read(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
    if (bytes.length <= ARN_AT + MAC_LENGTH) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    if (fields.get() != VERSION || fields.get() != GENERATION) {
      return null;
    }
    int epoch = fields.getInt();
    long frame = fields.getLong();
    String arn =
        new String(bytes, ARN_AT, bytes.length - ARN_AT - MAC_LENGTH, StandardCharsets.UTF_8);
    return new TaskToken(arn, frame, epoch);
  }

  private static byte[] mac(byte[] bytes, int length, SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(PURPOSE);
      mac.update(bytes, 0, length);
      return Arrays.copyOf(mac.doFinal(), MAC_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }
}
