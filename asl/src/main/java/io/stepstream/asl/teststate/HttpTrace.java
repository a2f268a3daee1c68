package io.stepstream.asl.teststate;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.StateVisit.Answer;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went over the wire when a tested state called an HTTP API: AWS's inspection level TRACE.
 *
 * <p>The task is called under another resource, whose handler does the same and tells of it: an
 * object of {@code request}, {@code response} if there was one, and either {@code result} or {@code
 * error} and {@code cause}. So nothing between the coordinator and the handler has to know.
 *
 * @param answer the task's own
 */
record HttpTrace(Answer answer, @Nullable Object request, @Nullable Object response) {

  /** What serves it. ARNs of this service are Stepstream's own. */
  private static final String RESOURCE = "arn:aws:stepstream:::http:trace";

  private static final String HTTP = ":states:::http:invoke";

  /** Whether a task is one that can be traced. */
  static boolean applies(Effect.Dispatch task) {
    return task.resource().endsWith(HTTP);
  }

  /** The same task, to be told of. */
  static Effect.Dispatch traced(Effect.Dispatch task) {
    return new Effect.Dispatch(
        task.frameId(),
        task.epoch(),
        task.state(),
        RESOURCE,
        task.function(),
        task.retryCount(),
        task.deadlineMillis(),
        task.heartbeatSeconds(),
        task.taskToken(),
        task.roleArn(),
        task.input());
  }

  /** Reads what a traced task has answered. One that failed before it called tells nothing. */
  static HttpTrace of(Answer answer) {
    if (!(answer instanceof Answer.Succeeded(byte[] output))
        || !(Json.decode(output) instanceof Decoded.Tree(Map<?, ?> told))) {
      return new HttpTrace(answer, null, null);
    }
    Object result = told.get("result");
    Answer own =
        result == null
            ? new Answer.Failed(text(told, "error"), text(told, "cause"))
            : new Answer.Succeeded(Json.encodeUtf8(result));
    return new HttpTrace(own, told.get("request"), told.get("response"));
  }

  private static @Nullable String text(Map<?, ?> told, String member) {
    return told.get(member) instanceof String text ? text : null;
  }

  /** Adds AWS's members to what is told of the visit. */
  void into(Map<String, Object> inspection) {
    if (request != null) {
      inspection.put("request", request);
    }
    if (response != null) {
      inspection.put("response", response);
    }
  }
}
