package io.stepstream.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator keeps of a job, and gives back with each order that concerns it: the
 * handler's reference, and the role of the state, which whoever looks at the job or stops it must
 * act as. That holds too for a job whose execution isn't there any more.
 *
 * @param roleArn null: the task acts as the worker
 */
record JobText(@Nullable String roleArn, String reference) {

  /** Begins all texts that are more than a reference. */
  private static final String MARK = "role:";

  /**
   * The reference itself where there is no role: workers of before knew nothing else. The same text
   * for the same job.
   */
  String text() {
    if (roleArn == null && !reference.startsWith(MARK)) {
      return reference;
    }
    ArrayNode both = JsonNodeFactory.instance.arrayNode().add(roleArn).add(reference);
    try {
      return MARK + new String(JsonText.write(both), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JobText parse(String text) {
    if (!text.startsWith(MARK)) {
      return new JobText(null, text);
    }
    try {
      JsonNode both = JsonText.read(text.substring(MARK.length()).getBytes(StandardCharsets.UTF_8));
      if (both.size() == 2) {
        return new JobText(both.path(0).textValue(), both.path(1).asText());
      }
    } catch (IOException _) {
      // It is told below.
    }
    // A reference of before that happens to begin so.
    return new JobText(null, text);
  }
}
