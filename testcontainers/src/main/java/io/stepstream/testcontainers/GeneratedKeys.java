package io.stepstream.testcontainers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * One user who may do everything, and how a test shows that it is him.
 *
 * @param nodeKey what nodes sign with, and task tokens
 */
record GeneratedKeys(String nodeKey, String accessKeyId, String secretAccessKey, String apiKey) {

  static final String NODE_KEYS = "node.keys";
  static final String ACCESS_KEYS = "access-keys.json";
  static final String API_KEYS = "api-keys.json";
  static final String POLICIES = "policies.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String USER = "test";

  static GeneratedKeys random() {
    return new GeneratedKeys(
        HexFormat.of().formatHex(bytes(32)),
        "SSAKTEST",
        HexFormat.of().formatHex(bytes(24)),
        "ssk_%s_%s"
            .formatted(
                HexFormat.of().formatHex(bytes(6)),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32))));
  }

  /** The files of a node that lets him in, by their names. */
  Map<String, String> files() {
    ObjectNode accessKeys = JSON.createObjectNode();
    accessKeys
        .putArray("accessKeys")
        .addObject()
        .put("accessKeyId", accessKeyId)
        .put("secretAccessKey", secretAccessKey)
        .put("user", USER);
    ObjectNode apiKeys = JSON.createObjectNode();
    apiKeys
        .putArray("apiKeys")
        .addObject()
        .put("id", apiKey.split("_", 3)[1])
        .put("sha256", sha256(apiKey))
        .put("user", USER);
    ObjectNode policies = JSON.createObjectNode();
    allowEverything(policies.putObject("users"), USER);
    allowEverything(policies.putObject("roles"), Machine.ROLE);
    return Map.of(
        NODE_KEYS, nodeKey + "\n",
        ACCESS_KEYS, accessKeys.toString(),
        API_KEYS, apiKeys.toString(),
        POLICIES, policies.toString());
  }

  private static void allowEverything(ObjectNode whom, String name) {
    whom.putArray(name).addObject().put("Effect", "Allow").put("Action", "*").put("Resource", "*");
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
