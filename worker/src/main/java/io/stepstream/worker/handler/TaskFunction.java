package io.stepstream.worker.handler;

import com.fasterxml.jackson.databind.JsonNode;

/** The body of a task handler, for those who give the name apart. */
@FunctionalInterface
public interface TaskFunction {

  /**
   * Carries out one attempt of a task.
   *
   * @param input the task's effective input
   * @param context the attempt
   * @return the task's result; JSON null stands for "nothing"
   * @throws TaskFailedException the task failed; Retry and Catch match on its error name
   * @throws Exception the task failed in a way that the handler didn't foresee; the error name is
   *     the exception's class name, as from a Java function on AWS Lambda
   */
  JsonNode handle(JsonNode input, TaskContext context) throws Exception;
}
