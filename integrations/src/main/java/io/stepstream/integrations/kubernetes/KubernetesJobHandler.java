package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.JobPauses;
import io.stepstream.integrations.aws.AwsServices;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code eks:runJob}, also with {@code .sync}: runs a Job of Kubernetes, in a cluster of EKS
 * or, which AWS has not, in the worker's own.
 */
@Singleton
public final class KubernetesJobHandler implements JobHandler {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJobHandler.class);

  private static final String RUN_JOB = "arn:aws:states:::eks:runJob";
  private static final String SYNC = RUN_JOB + ".sync";

  /** More is cut off, and would be no JSON. */
  private static final int LONGEST_CAUSE = 32_768;

  /** As long as those that Kubernetes gives. */
  private static final String SOME_UID = "00000000-0000-0000-0000-000000000000";

  private final Clusters clusters;
  private final JobPauses pauses;
  private final InstantSource clock;

  @Inject
  public KubernetesJobHandler(Config config, AwsServices aws) {
    this(Clusters.of(config, aws), new JobPauses(Duration.ofSeconds(1)), InstantSource.system());
  }

  KubernetesJobHandler(Clusters clusters, JobPauses pauses, InstantSource clock) {
    this.clusters = clusters;
    this.pauses = pauses;
    this.clock = clock;
  }

  @Override
  public List<String> serves() {
    return List.of(RUN_JOB, SYNC);
  }

  @Override
  public Submission submit(JsonNode input, TaskContext context) throws InterruptedException {
    RunJob asked = RunJob.of(input, context);
    try (KubernetesApi api = clusters.open(asked.cluster(), context)) {
      String namespace = asked.namespace() == null ? api.defaultNamespace() : asked.namespace();
      // Before there is a job: one that can't be found again must not begin.
      checkLength(reference(asked, namespace, SOME_UID));
      JsonNode job = created(api, asked, namespace);
      if (!context.target().equals(SYNC)) {
        return new Ended(answer(job));
      }
      String uid = job.path("metadata").path("uid").asText();
      return new Submitted(reference(asked, namespace, uid), answer(job), pauses.shortest(), true);
    } catch (KubernetesApi.Failed e) {
      throw new TaskFailedException(e.error(), e.getMessage());
    }
  }

  private static JsonNode created(KubernetesApi api, RunJob asked, String namespace)
      throws KubernetesApi.Failed, InterruptedException {
    try {
      return api.create(namespace, asked.job());
    } catch (KubernetesApi.Failed e) {
      if (e.isConflict()) {
        JsonNode found = api.job(namespace, asked.name());
        if (asked.isOf(found)) {
          return found;
        }
      }
      throw e;
    }
  }

  private static String reference(RunJob asked, String namespace, String uid) {
    return new JobReference(asked.cluster(), namespace, asked.name(), uid, asked.logs()).text();
  }

  private static void checkLength(String reference) {
    if (reference.length() > LONGEST_REFERENCE) {
      throw new TaskFailedException(
          "States.Runtime",
          ("CertificateAuthority and LogOptions of eks:runJob are too long together: %d characters"
                  + " to find the job by, more than %d.")
              .formatted(reference.length(), LONGEST_REFERENCE));
    }
  }

  private static ObjectNode answer(JsonNode job) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("ResponseBody", job);
    return answer.put("StatusCode", 201).put("StatusText", "Created");
  }

  @Override
  public Look look(Job told, TaskContext context) throws InterruptedException {
    JobReference reference = JobReference.parse(told.reference());
    try (KubernetesApi api = clusters.open(reference.cluster(), context)) {
      JsonNode job = api.job(reference.namespace(), reference.name());
      if (!job.path("metadata").path("uid").asText().equals(reference.uid())) {
        throw new TaskFailedException(
            "EKS.404",
            "The job '%s' in '%s' was deleted, and another one has its name."
                .formatted(reference.name(), reference.namespace()));
      }
      boolean complete = is(job, "Complete");
      if (!complete && !is(job, "Failed")) {
        return new Running(pauses.after(Duration.between(told.since(), clock.instant())));
      }
      ObjectNode result = job.deepCopy();
      if (reference.logs().retrieve()) {
        result.set("logs", api.logs(reference));
      }
      if (complete) {
        return new Ended(result);
      }
      throw new TaskFailedException("States.TaskFailed", cause(result));
    } catch (KubernetesApi.Failed e) {
      if (e.passes() && told.unanswered() < JobPauses.MOST_UNANSWERED) {
        LOG.warn(
            "No answer of how the job {} of {} is, look {} in a row.",
            reference.name(),
            context.executionArn(),
            told.unanswered() + 1,
            e);
        return new Unanswered(pauses.backOff(told.unanswered()));
      }
      throw new TaskFailedException(e.error(), e.getMessage());
    }
  }

  private static boolean is(JsonNode job, String condition) {
    for (JsonNode each : job.path("status").path("conditions")) {
      if (each.path("type").asText().equals(condition)
          && each.path("status").asText().equals("True")) {
        return true;
      }
    }
    return false;
  }

  private static String cause(ObjectNode result) {
    String whole = KubernetesApi.text(result);
    if (whole.length() <= LONGEST_CAUSE) {
      return whole;
    }
    result.remove("logs");
    return KubernetesApi.text(result);
  }

  @Override
  public void stop(String text, TaskContext context) throws Exception {
    JobReference reference = JobReference.parse(text);
    for (int tried = 0; ; tried++) {
      try (KubernetesApi api = clusters.open(reference.cluster(), context)) {
        api.delete(reference);
        return;
      } catch (KubernetesApi.Failed e) {
        // Not there, or another job of that name.
        if (e.isMissing() || e.isConflict()) {
          return;
        }
        if (!e.passes() || tried + 1 == JobPauses.STOPS) {
          throw e;
        }
      }
      Thread.sleep(pauses.backOff(tried));
    }
  }
}
