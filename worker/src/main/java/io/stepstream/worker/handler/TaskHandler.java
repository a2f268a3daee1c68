package io.stepstream.worker.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Carries out the Task states that address it. Implementations are called by many threads at once.
 *
 * <p>A worker runs each call on a virtual thread of its own, so a handler may simply block.
 */
public interface TaskHandler {

  /** AWS's limit on the result of a task, in bytes of UTF-8. */
  int MOST_RESULT_BYTES = 262_144;

  /**
   * What this handler serves. Each entry is one of
   *
   * <ul>
   *   <li>the name of a function, such as {@code charge-card}: reached by the resource {@code
   *       arn:aws:lambda:…:function:charge-card} and by {@code arn:aws:states:::lambda:invoke} with
   *       that {@code FunctionName};
   *   <li>a resource, such as {@code arn:aws:states:::sqs:sendMessage}, or the beginning of one
   *       followed by {@code *}, such as {@code arn:aws:states:::aws-sdk:*}. The longest match
   *       wins. Resources that begin with {@code stepstream:} are Stepstream's own.
   * </ul>
   *
   * @return at least one entry; the same list on each call
   */
  List<String> serves();

  /**
   * Carries out one attempt of a task.
   *
   * @param input the task's effective input; for {@code lambda:invoke} it is the {@code Payload}
   * @param context the attempt
   * @return the task's result; null and JSON null both stand for "nothing"
   * @throws TaskFailedException the task failed; Retry and Catch match on its error name
   * @throws Exception the task failed in a way that the handler didn't foresee; the error name is
   *     the exception's class name, as from a Java function on AWS Lambda
   */
  JsonNode handle(JsonNode input, TaskContext context) throws Exception;

  /**
   * The same on raw JSON text in UTF-8, for handlers that need no tree. The worker calls this
   * method only; the default parses, calls {@link #handle} and writes.
   *
   * @return JSON text in UTF-8; the worker doesn't parse it
   */
  default byte[] handleBytes(byte[] input, TaskContext context) throws Exception {
    return JsonText.write(handle(JsonText.read(input), context));
  }

  /** A handler of one function that cares for the attempt. */
  static TaskHandler named(String name, TaskFunction body) {
    Objects.requireNonNull(body, "body");
    List<String> serves = List.of(name);
    return new TaskHandler() {
      @Override
      public List<String> serves() {
        return serves;
      }

      @Override
      public JsonNode handle(JsonNode input, TaskContext context) throws Exception {
        return body.handle(input, context);
      }
    };
  }

  /** A handler of one function that is a plain function of its input. */
  static TaskHandler function(String name, Function<JsonNode, JsonNode> body) {
    Objects.requireNonNull(body, "body");
    return named(name, (input, _) -> body.apply(input));
  }
}
