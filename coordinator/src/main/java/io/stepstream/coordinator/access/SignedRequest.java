package io.stepstream.coordinator.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came, of which a signature tells.
 *
 * @param path as it was sent, encoded
 * @param query as it was sent, without the question mark; null: none
 * @param headers in their order, names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied nowhere
public record SignedRequest(
    String method,
    String path,
    @Nullable String query,
    List<Map.Entry<String, String>> headers,
    byte[] body) {

  /** The header's value; null: there is none. */
  @Nullable String header(String name) {
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equals(name)) {
        return header.getValue();
      }
    }
    return null;
  }
}
