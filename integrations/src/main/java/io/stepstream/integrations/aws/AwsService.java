package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.SdkClient;

/** One service, as its client module describes it. Thread safe. */
final class AwsService implements AutoCloseable {

  /** Whom tasks act as. */
  interface Roles {
    /** Null: the task acts as the worker does. */
    @Nullable AwsCredentials assumed(TaskContext context) throws InterruptedException;
  }

  private final String name;
  private final String title;
  private final Map<String, AwsAction> actions;
  private final Supplier<SdkClient> clients;
  private final MemberNames names;
  private final Roles roles;

  private @Nullable SdkClient client;

  AwsService(
      String name, Class<?> client, Supplier<SdkClient> clients, MemberNames names, Roles roles) {
    this.name = name;
    String type = client.getSimpleName();
    this.title = type.substring(0, type.length() - "Client".length());
    this.actions = AwsAction.of(client);
    this.clients = clients;
    this.names = names;
    this.roles = roles;
  }

  /** What error names begin with, such as {@code DynamoDb}. */
  String title() {
    return title;
  }

  MemberNames names() {
    return names;
  }

  /**
   * @param action such as {@code putItem}
   * @throws TaskFailedException the service has no such action, or the arguments don't fit it
   * @throws software.amazon.awssdk.core.exception.SdkException the call failed
   * @throws InterruptedException nobody waits for the answer any more
   */
  AwsAnswer call(String action, ObjectNode arguments, TaskContext context)
      throws InterruptedException {
    return call(action, arguments, context, AwsAction.LONGEST);
  }

  /** The same; the call ends after {@code longest} without an answer, if not before. */
  AwsAnswer call(String action, ObjectNode arguments, TaskContext context, Duration longest)
      throws InterruptedException {
    AwsAction called = actions.get(action);
    if (called == null) {
      throw new TaskFailedException("States.Runtime", unknown(action));
    }
    Object request =
        called.request(name + ":" + action, arguments, context, longest, roles.assumed(context));
    return called.send(client(), request, arguments);
  }

  private String unknown(String action) {
    String similar =
        actions.keySet().stream()
            .filter(known -> known.equalsIgnoreCase(action))
            .findFirst()
            .map(known -> "Write '%s'.".formatted(known))
            .orElse(
                "Actions are written as the methods of %sClient in AWS's SDK for Java; one that is"
                        .formatted(title)
                    + " newer than the worker's client needs a newer module "
                    + name
                    + ".");
    return "The AWS service '%s' has no action '%s'. %s".formatted(name, action, similar);
  }

  /** Made late: a region that is missing must fail the task and not the worker. */
  private synchronized SdkClient client() {
    if (client == null) {
      client = clients.get();
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
