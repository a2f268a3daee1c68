package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What the description of a job tells of its end. */
interface JobVerdict {

  enum End {
    NOT_YET,
    SUCCEEDED,
    FAILED
  }

  End of(JsonNode description);

  /**
   * By a member with the job's state.
   *
   * @param pointer to the state in the description
   */
  static JobVerdict byState(String pointer, Set<String> succeeded, Set<String> failed) {
    return description -> {
      String state = description.at(pointer).asText();
      if (succeeded.contains(state)) {
        return End.SUCCEEDED;
      }
      return failed.contains(state) ? End.FAILED : End.NOT_YET;
    };
  }

  /** A task of ECS has no state for its success: its containers have left 0 behind. */
  static End ofContainers(JsonNode task) {
    if (!task.path("LastStatus").asText().equals("STOPPED")) {
      return End.NOT_YET;
    }
    boolean ran = false;
    for (JsonNode container : task.path("Containers")) {
      JsonNode code = container.path("ExitCode");
      if (code.isNumber() && code.intValue() != 0) {
        return End.FAILED;
      }
      ran |= code.isNumber();
    }
    boolean started = !task.path("StopCode").asText().equals("TaskFailedToStart");
    return ran && started ? End.SUCCEEDED : End.FAILED;
  }
}
