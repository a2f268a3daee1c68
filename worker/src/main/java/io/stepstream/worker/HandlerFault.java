package io.stepstream.worker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Turns what a handler throws into a failed task, in the words of a Java function on AWS Lambda:
 * the error is the exception's class name, the cause is a JSON object of errorMessage, errorType
 * and stackTrace.
 */
final class HandlerFault {

  /** Frames below the handler are the worker's own and tell nobody anything. */
  private static final String WORKER_FRAMES = TaskInvoker.class.getName();

  private static final int MAX_FRAMES = 20;
  private static final int MAX_NESTING = 4;
  private static final int MAX_MESSAGE = 4_096;

  private HandlerFault() {}

  static Outcome.Failed of(Throwable thrown) {
    return switch (thrown) {
      case TaskFailedException answer -> new Outcome.Failed(answer.error(), answer.causeText());
      default -> new Outcome.Failed(thrown.getClass().getName(), text(describe(thrown, 0)));
    };
  }

  private static ObjectNode describe(Throwable thrown, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    String message = thrown.getMessage();
    if (message != null && message.length() > MAX_MESSAGE) {
      message = message.substring(0, MAX_MESSAGE);
    }
    object.put("errorMessage", message == null ? "" : message);
    object.put("errorType", thrown.getClass().getName());
    var frames = object.putArray("stackTrace");
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().equals(WORKER_FRAMES) || frames.size() == MAX_FRAMES) {
        break;
      }
      frames.add(frame.toString());
    }
    Throwable cause = thrown.getCause();
    if (cause != null && depth < MAX_NESTING) {
      object.set("cause", describe(cause, depth + 1));
    }
    return object;
  }

  private static String text(ObjectNode object) {
    try {
      return new String(JsonText.write(object), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
