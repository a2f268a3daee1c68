package io.stepstream.asl.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the Resource of a Task state addresses; it decides which history events tell of the task.
 */
sealed interface TaskResource {

  /** {@code arn:aws:lambda:…:function:NAME}: LambdaFunction* events. */
  record Function(String arn) implements TaskResource {}

  /** {@code arn:aws:states:…:activity:NAME}: Activity* events. */
  record Activity(String arn) implements TaskResource {}

  /**
   * {@code arn:aws:states:::TYPE:ACTION}: Task* events.
   *
   * @param type for example {@code lambda} or {@code aws-sdk:s3}
   * @param action for example {@code invoke} or {@code sendMessage.waitForTaskToken}
   */
  record Service(String type, String action) implements TaskResource {}

  /**
   * The name of the function that a Lambda resource addresses, without ARN and qualifier; null for
   * other resources and where the arguments name none.
   */
  default @Nullable String functionName(Object arguments) {
    return switch (this) {
      case Function(String arn) -> nameOf(arn);
      case Service(String type, String action) when invokesLambda(type, action) ->
          arguments instanceof Map<?, ?> object && object.get("FunctionName") instanceof String name
              ? nameOf(name)
              : null;
      case Activity _, Service _ -> null;
    };
  }

  private static boolean invokesLambda(String type, String action) {
    return (type.equals("lambda") || type.equals("aws-sdk:lambda"))
        && (action.equals("invoke") || action.equals("invoke.waitForTaskToken"));
  }

  /**
   * Whether the task goes on after the service has taken the request on; AWS tells of both. Either
   * kind of such a task has a token and may be ended by it.
   */
  default boolean isSubmitted() {
    return this instanceof Service(String _, String action)
        && (action.endsWith(".waitForTaskToken")
            || action.endsWith(".sync")
            || action.endsWith(".sync:2"));
  }

  /** Whether somebody outside ends the task by its token. */
  default boolean hasToken() {
    return isSubmitted() || this instanceof Activity;
  }

  default Effect.Attempted.Kind kind() {
    return switch (this) {
      case Function _ -> Effect.Attempted.Kind.LAMBDA_FUNCTION;
      case Activity _ -> Effect.Attempted.Kind.ACTIVITY;
      case Service _ -> Effect.Attempted.Kind.SERVICE_INTEGRATION;
    };
  }

  /** What AWS calls the resource where its result is too large. */
  default String shortName() {
    return switch (this) {
      case Function(String arn) -> arn;
      case Activity(String arn) -> arn;
      case Service(String type, String _) -> type;
    };
  }

  /** {@code NAME}, {@code NAME:qualifier}, {@code account:function:NAME} or a whole ARN. */
  private static String nameOf(String function) {
    int marker = function.indexOf("function:");
    String rest = marker < 0 ? function : function.substring(marker + "function:".length());
    int qualifier = rest.indexOf(':');
    return qualifier < 0 ? rest : rest.substring(0, qualifier);
  }

  static TaskResource of(String resource) {
    String[] parts = resource.split(":", 7);
    String service = part(parts, 2);
    if ("lambda".equals(service)) {
      return new Function(resource);
    }
    if ("states".equals(service) && "activity".equals(part(parts, 5))) {
      return new Activity(resource);
    }
    if ("states".equals(service) && parts.length == 7) {
      // The number in startExecution.sync:2 belongs to the action.
      int end = parts[6].length() - (parts[6].endsWith(".sync:2") ? ":2".length() : 0);
      int split = parts[6].lastIndexOf(':', end - 1);
      return split < 0
          ? new Service(parts[5], parts[6])
          : new Service(
              parts[5] + ":" + parts[6].substring(0, split), parts[6].substring(split + 1));
    }
    return new Service("custom", resource);
  }

  private static @Nullable String part(String[] parts, int index) {
    return index < parts.length ? parts[index] : null;
  }
}
