package io.stepstream.integrations.aws;

import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The services of AWS whose client modules are on the class path, each with a client that is made
 * when the first task asks for it. There are as many clients as modules at most. Thread safe.
 */
@Singleton
public final class AwsServices implements AutoCloseable {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*");
  private static final String PACKAGES = "software/amazon/awssdk/services/";

  /** The interface of a module's blocking client, among the classes of its package. */
  private static final Pattern CLIENT = Pattern.compile("(?!Default)([A-Za-z0-9]+)Client\\.class");

  /** Roles times state machines; each is some hundred bytes, and one question to STS an hour. */
  private static final int MOST_SESSIONS = 1_000;

  private final MemberNames names = new MemberNames();
  private final ClassLoader classes = AwsServices.class.getClassLoader();
  private final Map<String, AwsService> services = new ConcurrentHashMap<>();

  private final DefaultCredentialsProvider worker = DefaultCredentialsProvider.builder().build();

  private final AwsRoles roles =
      new AwsRoles(() -> (StsClient) clients().create(StsClient.class), MOST_SESSIONS);

  private @Nullable AwsClients clients;

  /**
   * Whom a task acts as: the role of its state, or the worker.
   *
   * @throws TaskFailedException STS refuses the role
   * @throws software.amazon.awssdk.core.exception.SdkException there are no credentials, or STS
   *     can't tell just now
   * @throws InterruptedException nobody waits for the answer any more
   */
  public AwsCredentials credentials(TaskContext context) throws InterruptedException {
    AwsCredentials assumed = assumed(context);
    return assumed == null ? worker.resolveCredentials() : assumed;
  }

  /** Null: the task acts as the worker does. */
  private @Nullable AwsCredentials assumed(TaskContext context) throws InterruptedException {
    String role = context.roleArn().orElse(null);
    return role == null ? null : roles.assume(role, context);
  }

  /**
   * @param name the SDK's name of the service's package, such as {@code dynamodb}: the one that AWS
   *     Step Functions has in {@code arn:aws:states:::aws-sdk:dynamodb:putItem}
   * @throws TaskFailedException there is no such module
   */
  AwsService service(String name) {
    AwsService known = services.get(name);
    if (known != null) {
      return known;
    }
    Class<?> client = NAME.matcher(name).matches() ? clientOf(name).orElse(null) : null;
    if (client == null) {
      throw new TaskFailedException(
          "States.Runtime",
          ("This worker has no client of the AWS service '%s'. If AWS's SDK for Java has one, add"
                  + " software.amazon.awssdk:%s:%s to the worker's class path.")
              .formatted(name, name, VersionInfo.SDK_VERSION));
    }
    return services.computeIfAbsent(
        name,
        _ -> new AwsService(name, client, () -> clients().create(client), names, this::assumed));
  }

  private Optional<Class<?>> clientOf(String name) {
    String folder = PACKAGES + name + "/";
    try {
      for (URL place : Collections.list(classes.getResources(folder))) {
        for (String entry : entries(place, folder)) {
          Optional<Class<?>> client = client(folder, entry);
          if (client.isPresent()) {
            return client;
          }
        }
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("the class path can't be read for " + folder, e);
    }
    return Optional.empty();
  }

  /** The SDK's modules come as jars. */
  private static List<String> entries(URL place, String folder) throws IOException {
    if (!(place.openConnection() instanceof JarURLConnection connection)) {
      return List.of();
    }
    return connection.getJarFile().stream()
        .map(entry -> entry.getName())
        .filter(entry -> entry.startsWith(folder))
        .map(entry -> entry.substring(folder.length()))
        .toList();
  }

  private Optional<Class<?>> client(String folder, String entry) throws ClassNotFoundException {
    Matcher matcher = CLIENT.matcher(entry);
    if (!matcher.matches() || matcher.group(1).endsWith("Async")) {
      return Optional.empty();
    }
    String name =
        (folder + entry.substring(0, entry.length() - ".class".length())).replace('/', '.');
    Class<?> found = Class.forName(name, false, classes);
    return found.isInterface() && SdkClient.class.isAssignableFrom(found)
        ? Optional.of(found)
        : Optional.empty();
  }

  /** Made late: a worker whose tasks call nothing of AWS's pays nothing for it. */
  private synchronized AwsClients clients() {
    if (clients == null) {
      clients = new AwsClients();
    }
    return clients;
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    services.values().forEach(AwsService::close);
    roles.close();
    worker.close();
    if (clients != null) {
      clients.close();
    }
  }
}
