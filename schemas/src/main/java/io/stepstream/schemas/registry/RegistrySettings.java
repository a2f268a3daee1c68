package io.stepstream.schemas.registry;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How to reach a registry.
 *
 * @param urls base URLs, tried in order; may carry user and password before the host
 * @param autoRegister false where schemas are registered by a deployment pipeline: then writers
 *     only look their schema up
 * @param connectTimeout of one attempt
 * @param requestTimeout of one attempt, from the request to the last byte of the answer
 * @param missingIdRetention how long "no such id" is believed, so that a flood of foreign records
 *     doesn't become a flood of requests; also the longest that a new id may seem missing, and that
 *     a subject's latest version may be an old one
 */
public record RegistrySettings(
    List<URI> urls,
    boolean autoRegister,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration missingIdRetention) {

  public RegistrySettings {
    urls = List.copyOf(urls);
    requireNonNull(connectTimeout, "connectTimeout");
    requireNonNull(requestTimeout, "requestTimeout");
    requireNonNull(missingIdRetention, "missingIdRetention");
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("schema.registry.url names no URL");
    }
    for (int i = 0; i < urls.size(); i++) {
      URI url = urls.get(i);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!http || url.getHost() == null) {
        // The URL itself may hold a password, so the message doesn't repeat it.
        throw new IllegalArgumentException(
            "URL %d of schema.registry.url is not of the form http(s)://[user:password@]host[:port][/path]"
                .formatted(i + 1));
      }
    }
  }

  /** The defaults: register what is missing, 5 s to connect, 10 s per request. */
  public static RegistrySettings at(String urls) {
    List<URI> parsed = new ArrayList<>();
    for (String url : urls.split(",")) {
      if (!url.isBlank()) {
        try {
          parsed.add(URI.create(url.strip()));
        } catch (IllegalArgumentException _) {
          // Rethrown without its cause, whose message repeats the URL with the password in it.
          throw new IllegalArgumentException(
              "URL %d of schema.registry.url is malformed".formatted(parsed.size() + 1));
        }
      }
    }
    return new RegistrySettings(
        parsed, true, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  /** The same, without registering anything. */
  public RegistrySettings lookupOnly() {
    return new RegistrySettings(urls, false, connectTimeout, requestTimeout, missingIdRetention);
  }

  /** Hides passwords, since settings end up in logs. */
  @Override
  public String toString() {
    return "RegistrySettings[urls=%s, autoRegister=%s, connectTimeout=%s, requestTimeout=%s, missingIdRetention=%s]"
        .formatted(
            urls.stream().map(RegistrySettings::withoutPassword).toList(),
            autoRegister,
            connectTimeout,
            requestTimeout,
            missingIdRetention);
  }

  static String withoutPassword(URI url) {
    return url.getRawUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "");
  }
}
