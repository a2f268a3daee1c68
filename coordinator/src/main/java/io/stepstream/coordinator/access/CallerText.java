package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * A caller as text for headers and cookies: JSON in base64url. It says nothing of whether it is
 * true: only what a MAC covers may be read.
 */
final class CallerText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CallerText() {}

  static String write(Caller caller) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("kind", caller.kind().name())
            .put("arn", caller.arn())
            .put("name", caller.name())
            .put("credentialId", caller.credentialId());
    caller.groups().stream().sorted().forEach(json.putArray("groups")::add);
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a caller is always JSON", e);
    }
  }

  /**
   * @throws IllegalStateException it is no caller, though a node has signed it
   */
  static Caller read(String text) {
    try {
      JsonNode json = JSON.readTree(new String(Base64.getUrlDecoder().decode(text), UTF_8));
      Set<String> groups = new HashSet<>();
      json.path("groups").forEach(group -> groups.add(group.textValue()));
      return new Caller(
          Caller.Kind.valueOf(json.path("kind").textValue()),
          json.path("arn").textValue(),
          json.path("name").textValue(),
          groups,
          json.path("credentialId").textValue());
    } catch (IOException e) {
      throw new IllegalStateException("a node has signed what is no caller", e);
    }
  }
}
