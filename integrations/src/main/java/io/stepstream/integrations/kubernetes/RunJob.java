package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code eks:runJob}.
 *
 * @param namespace null: the cluster's default
 * @param job as Kubernetes is to have it: it has a name, and the label of its attempt
 */
record RunJob(Cluster cluster, @Nullable String namespace, ObjectNode job, LogOptions logs) {

  /** The attempt that a job is for; labels may have letters, digits and hyphens. */
  static final String ATTEMPT = "stepstream.io/attempt";

  private static final String EXECUTION = "stepstream.io/execution-arn";

  private static final String API = "batch/v1";

  /** What Kubernetes takes for names; anything else could lead to another path of its API. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * @throws TaskFailedException the arguments are not what a job needs
   */
  static RunJob of(JsonNode arguments, TaskContext context) {
    if (!(arguments.path("Job") instanceof ObjectNode given)) {
      throw invalid("Job", "is required and must be a Job of Kubernetes");
    }
    ObjectNode job = given.deepCopy();
    constant(job, "apiVersion", API);
    constant(job, "kind", "Job");
    ObjectNode metadata = object(job, "Job", "metadata");
    String attempt = attempt(context);
    if (metadata.path("name").isMissingNode()) {
      metadata.put("name", metadata.path("generateName").asText("stepstream-") + attempt);
      metadata.remove("generateName");
    }
    if (!isName(metadata.path("name"))) {
      throw invalid("Job.metadata.name", "must be a name that Kubernetes takes");
    }
    object(metadata, "Job.metadata", "labels").put(ATTEMPT, attempt);
    object(metadata, "Job.metadata", "annotations").put(EXECUTION, context.executionArn());
    JsonNode namespace = arguments.path("Namespace");
    if (!namespace.isMissingNode() && !isName(namespace)) {
      throw invalid("Namespace", "must be a name that Kubernetes takes");
    }
    return new RunJob(
        Cluster.of(arguments),
        namespace.textValue(),
        job,
        LogOptions.of(arguments.path("LogOptions")));
  }

  /** The same for each delivery of an attempt's order, so that one delivered twice acts once. */
  private static String attempt(TaskContext context) {
    byte[] key = context.idempotencyKey().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(key).toString();
  }

  private static boolean isName(JsonNode value) {
    return value.isTextual() && NAME.matcher(value.textValue()).matches();
  }

  private static void constant(ObjectNode job, String field, String value) {
    if (!job.path(field).isMissingNode() && !job.path(field).asText().equals(value)) {
      throw invalid("Job." + field, "must be '" + value + "'");
    }
    job.put(field, value);
  }

  private static ObjectNode object(ObjectNode holder, String path, String field) {
    JsonNode found = holder.path(field);
    if (found.isMissingNode() || found.isNull()) {
      return holder.putObject(field);
    }
    if (found instanceof ObjectNode object) {
      return object;
    }
    throw invalid(path + "." + field, "must be an object");
  }

  String name() {
    return job.path("metadata").path("name").textValue();
  }

  /** Whether a job that is there already is this one, which an earlier delivery has made. */
  boolean isOf(JsonNode found) {
    JsonNode label = job.path("metadata").path("labels").path(ATTEMPT);
    return found.path("metadata").path("labels").path(ATTEMPT).equals(label);
  }

  static TaskFailedException invalid(String field, String what) {
    return new TaskFailedException(
        "States.Runtime", "The field '%s' of eks:runJob %s.".formatted(field, what));
  }
}
