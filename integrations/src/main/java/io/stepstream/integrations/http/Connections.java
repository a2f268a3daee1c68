package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a worker keeps the connections that definitions name. Each call looks anew, so that a
 * secret may be replaced while the worker runs.
 *
 * @param settings the text of a connection by its name, such as from the environment
 * @param directory with a file {@code NAME.json} for each connection
 */
record Connections(Function<String, Optional<String>> settings, Optional<Path> directory) {

  private static final Pattern ARN =
      Pattern.compile("arn:[^:]+:events:[^:]*:[^:]*:connection/([A-Za-z0-9_.-]{1,64})(/[^/]*)?");

  private static final int LARGEST = 64 * 1024;

  /**
   * @throws TaskFailedException the worker has no such connection, or it is malformed
   */
  Connection find(String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new TaskFailedException(
          "States.Runtime",
          "'%s' is not the ARN of a connection: arn:aws:events:REGION:ACCOUNT:connection/NAME/ID."
              .formatted(arn));
    }
    String name = matcher.group(1);
    byte[] text =
        settings
            .apply(name)
            .map(value -> value.getBytes(StandardCharsets.UTF_8))
            .or(() -> directory.flatMap(folder -> read(folder.resolve(name + ".json"), name)))
            .orElseThrow(
                () ->
                    new TaskFailedException(
                        "Events.ConnectionResource.ResourceNotFound",
                        ("This worker has no connection '%s': put it into the file %s.json of the"
                             + " directory that stepstream.http.connections-dir names, or into the"
                             + " setting stepstream.http.connections.%s.")
                            .formatted(name, name, name)));
    try {
      return Connection.parse(json(text));
    } catch (Connection.Malformed e) {
      throw unusable(name, e.getMessage());
    }
  }

  /** What a parser says of a text quotes from it. */
  private static JsonNode json(byte[] text) throws Connection.Malformed {
    try {
      return JsonText.read(text);
    } catch (IOException _) {
      throw new Connection.Malformed("it is not JSON");
    }
  }

  private static Optional<byte[]> read(Path file, String name) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(LARGEST + 1);
      if (text.length > LARGEST) {
        throw unusable(name, "it has more than %d bytes".formatted(LARGEST));
      }
      return Optional.of(text);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(name, "the worker can't read its file: " + e.getClass().getSimpleName());
    }
  }

  private static TaskFailedException unusable(String name, String reason) {
    return new TaskFailedException(
        "Events.ConnectionResource.InvalidConnectionState",
        "The worker's connection '%s' is of no use: %s.".formatted(name, reason));
  }
}
