package io.stepstream.integrations.http;

import org.jspecify.annotations.Nullable;

/**
 * A client that is made by the first call: a worker whose tasks call no API pays nothing for it.
 */
final class LateClient implements AutoCloseable {

  private final HttpSettings settings;
  private @Nullable WebClient client;

  LateClient(HttpSettings settings) {
    this.settings = settings;
  }

  synchronized WebClient get() {
    if (client == null) {
      client = new WebClient(settings);
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
