package io.stepstream.dev.asyncapi;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;

/** The parts of {@code asyncapi.yaml} that can be wrong. Fails loudly where one is missing. */
final class AsyncApiDocument {

  /** Tests run in the directory of their module. */
  static final Path FILE = Path.of("..", "asyncapi.yaml");

  /**
   * @param headers the properties of the headers' schema, by name; empty if there is none
   * @param fields what is said of the record's fields, in the document's order; empty for no record
   * @param schema path of the Avro schema; empty for no record
   */
  record Message(
      String name,
      Map<String, Map<String, Object>> headers,
      List<String> requiredHeaders,
      List<String> fields,
      String schema) {}

  private final Map<String, Object> root;

  private AsyncApiDocument(Map<String, Object> root) {
    this.root = root;
  }

  static AsyncApiDocument read() throws IOException {
    try (Reader reader = Files.newBufferedReader(FILE)) {
      return new AsyncApiDocument(new Yaml().load(reader));
    }
  }

  String version() {
    return (String) root.get("asyncapi");
  }

  Set<String> channels() {
    return map(root, "channels").keySet();
  }

  String address(String channel) {
    return (String) map(map(root, "channels"), channel).get("address");
  }

  /** The one message of a channel. */
  Message message(String channel) {
    Map<String, Object> messages = map(map(map(root, "channels"), channel), "messages");
    if (messages.size() != 1) {
      throw new AssertionError(channel + " has the messages " + messages.keySet());
    }
    String reference = (String) map(messages, messages.keySet().iterator().next()).get("$ref");
    Map<String, Object> message = resolve(reference);
    Map<String, Object> headers =
        message.containsKey("headers") ? map(message, "headers") : Map.of();
    Map<String, Object> payload = map(message, "payload");
    return new Message(
        (String) message.get("name"),
        headers.isEmpty() ? Map.of() : cast(headers.get("properties")),
        headers.isEmpty() ? List.of() : cast(headers.get("required")),
        message.containsKey("x-fields")
            ? List.copyOf(map(message, "x-fields").keySet())
            : List.of(),
        payload.containsKey("schema") ? (String) map(payload, "schema").get("$ref") : "");
  }

  /** The channels that operations refer to. */
  List<String> channelsOfOperations() {
    return map(root, "operations").values().stream()
        .map(operation -> map(AsyncApiDocument.<Map<String, Object>>cast(operation), "channel"))
        .map(channel -> (String) channel.get("$ref"))
        .map(reference -> reference.substring("#/channels/".length()))
        .toList();
  }

  private Map<String, Object> resolve(String reference) {
    Map<String, Object> found = root;
    for (String part : reference.substring("#/".length()).split("/")) {
      found = map(found, part);
    }
    return found;
  }

  private static Map<String, Object> map(Map<String, Object> parent, String name) {
    Object child = parent.get(name);
    if (child == null) {
      throw new AssertionError("there is no " + name + " among " + parent.keySet());
    }
    return cast(child);
  }

  @SuppressWarnings("unchecked") // a document of another shape fails the test at once
  private static <T> T cast(Object value) {
    return (T) value;
  }
}
