package io.stepstream.coordinator.gate;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.stepstream.coordinator.access.ApiKey;
import io.stepstream.coordinator.access.TestPermissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * An application with authentication: {@code admin} may do everything, {@code nobody} nothing, and
 * {@code clerk} starts one machine.
 */
public final class SecuredProfile implements QuarkusTestProfile {

  static final String ACCESS_KEY = "SSAKADMIN";
  static final String SECRET = "a test's secret of some length";

  // Not random: the application and the test have class loaders of their own.
  static final ApiKey ADMIN = TestPermissions.key("adminadminad");
  static final ApiKey NOBODY = TestPermissions.key("nobodynobody");
  static final ApiKey CLERK = TestPermissions.key("clerkclerkcl");
  static final ApiKey BUSY = TestPermissions.key("busybusybusy");

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Path directory = Files.createTempDirectory("stepstream-security");
      return Map.of(
          "stepstream.security.access-keys-file",
              file(
                  directory,
                  "access-keys.json",
                  "{\"accessKeys\":[{\"accessKeyId\":\"%s\",\"secretAccessKey\":\"%s\",\"user\":\"admin\",\"groups\":[\"admins\"]}]}"
                      .formatted(ACCESS_KEY, SECRET)),
          "stepstream.security.api-keys-file",
              file(
                  directory,
                  "api-keys.json",
                  "{\"apiKeys\":[%s,%s,%s,%s]}"
                      .formatted(
                          entry(ADMIN, "admin", "admins"),
                          entry(NOBODY, "nobody", "none"),
                          entry(CLERK, "clerk", "none"),
                          entry(BUSY, "busy", "admins"))),
          "stepstream.security.policies-file",
              file(
                  directory,
                  "policies.json",
                  """
                  {"groups": {"admins": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
                   "users": {"clerk": [
                     {"Effect": "Allow", "Action": "states:StartExecution",
                      "Resource": "arn:aws:states:us-east-1:111111111111:stateMachine:allowed"},
                     {"Effect": "Allow", "Action": "stepstream:SearchExecutions",
                      "Resource": "arn:aws:states:us-east-1:111111111111:stateMachine:allowed"},
                     {"Effect": "Allow", "Action": ["stepstream:CreateTrigger", "states:CreateStateMachine"],
                      "Resource": "*"}]}}
                  """),
          "stepstream.security.node-keys-file", file(directory, "node.keys", "n".repeat(64)),
          "stepstream.security.body-patience", "2s",
          "stepstream.security.requests-per-second", "100",
          "stepstream.security.request-burst", "400");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String entry(ApiKey key, String user, String group) {
    return "{\"id\":\"%s\",\"sha256\":\"%s\",\"user\":\"%s\",\"groups\":[\"%s\"]}"
        .formatted(key.id(), key.hash(), user, group);
  }

  private static String file(Path directory, String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }
}
