package io.stepstream.integrations.aws;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a process is told about AWS by system properties, for as long as a test lasts. */
public final class AwsSettings implements AutoCloseable {

  private final Map<String, @Nullable String> before = new HashMap<>();

  /** Nothing beyond loopback is reached: every service is at this endpoint. */
  public AwsSettings(URI endpoint) {
    set("aws.endpointUrl", endpoint.toString());
    set("aws.region", "us-east-1");
    set("aws.accessKeyId", "test");
    set("aws.secretAccessKey", "test");
    // Bytes that a test can write down.
    set("aws.cborEnabled", "false");
  }

  public void set(String property, String value) {
    remember(property);
    System.setProperty(property, value);
  }

  public void unset(String property) {
    remember(property);
    System.clearProperty(property);
  }

  /** The first time counts; a property that was not set is remembered as null. */
  private void remember(String property) {
    if (!before.containsKey(property)) {
      before.put(property, System.getProperty(property));
    }
  }

  @Override
  public void close() {
    before.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
  }
}
