package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.JobPauses;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Serves the jobs of {@link JobTable}: with {@code .sync} a task ends with its job, without it with
 * the answer to the request.
 */
@Singleton
public final class AwsJobHandler implements JobHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AwsJobHandler.class);

  private static final String PREFIX = "arn:aws:states:::";
  private static final String SYNC = ".sync";

  /** Services tell of a job a little later than they have taken it on. */
  private static final Duration UNTIL_KNOWN = Duration.ofMinutes(1);

  private final AwsServices services;
  private final Map<String, JobRule> rules;
  private final JobPauses pauses;
  private final InstantSource clock;

  @Inject
  public AwsJobHandler(AwsServices services) {
    this(services, JobTable.rules(), new JobPauses(Duration.ofSeconds(1)), InstantSource.system());
  }

  AwsJobHandler(
      AwsServices services, Map<String, JobRule> rules, JobPauses pauses, InstantSource clock) {
    this.services = services;
    this.rules = Map.copyOf(rules);
    this.pauses = pauses;
    this.clock = clock;
  }

  @Override
  public List<String> serves() {
    return rules.keySet().stream()
        .flatMap(resource -> Stream.of(PREFIX + resource, PREFIX + resource + SYNC))
        .toList();
  }

  @Override
  public Submission submit(JsonNode input, TaskContext context) throws InterruptedException {
    JobRule rule = rule(context);
    boolean waits = context.target().endsWith(SYNC);
    ObjectNode given = IntegrationCall.arguments(input, context);
    ObjectNode answer;
    try {
      AwsAnswer answered =
          services
              .service(rule.service())
              .call(rule.submit().action(), arguments(rule, given, context), context);
      answer = FormerResult.withMetadata(answered);
    } catch (SdkException e) {
      if (!waits || context.deliveryCount() == 1 || !isTaken(rule, e)) {
        throw rule.errors().failure(e);
      }
      // Nobody but the first delivery of this order can have begun it: the name is the job's own.
      answer = JsonNodeFactory.instance.objectNode();
    }
    if (!waits) {
      return new Ended(answer);
    }
    String reference = text(rule.ids(given, answer));
    return new Submitted(reference, answer, pauses.shortest(), !rule.outlives());
  }

  private static ObjectNode arguments(JobRule rule, ObjectNode given, TaskContext context) {
    ObjectNode arguments = rule.arguments(given);
    if (rule.token() == null || !JobCall.member(arguments, rule.token()).isMissingNode()) {
      return arguments;
    }
    return arguments.deepCopy().put(rule.token(), AwsAction.token(context));
  }

  @Override
  public Look look(Job job, TaskContext context) throws InterruptedException {
    JobRule rule = rule(context);
    ObjectNode ids = ids(job.reference());
    Duration age = Duration.between(job.since(), clock.instant());
    boolean young = age.compareTo(UNTIL_KNOWN) < 0;
    ObjectNode answer;
    try {
      AwsAnswer answered =
          services
              .service(rule.service())
              .call(rule.look().action(), rule.look().arguments(ids), context, JobPauses.LOOK);
      answer = FormerResult.of(answered);
    } catch (SdkException e) {
      if (isMissing(e) && rule.goneIsSuccess()) {
        return new Ended(ids);
      }
      if ((passes(e) || isMissing(e) && young) && job.unanswered() < JobPauses.MOST_UNANSWERED) {
        LOG.warn(
            "{} of {} didn't tell how {} is, look {} in a row.",
            rule.service(),
            context.executionArn(),
            job.reference(),
            job.unanswered() + 1,
            e);
        return new Unanswered(pauses.backOff(job.unanswered()));
      }
      throw rule.errors().failure(e);
    }
    JsonNode described = answer.at(rule.description());
    if (described.isMissingNode() || described.isEmpty()) {
      if (young) {
        return new Running(pauses.after(age));
      }
      throw new TaskFailedException("States.TaskFailed", answer.toString());
    }
    JsonNode result = rule.result(described, ids);
    return switch (rule.verdict().of(described)) {
      case NOT_YET -> new Running(pauses.after(age));
      case SUCCEEDED -> new Ended(result);
      case FAILED -> throw new TaskFailedException("States.TaskFailed", text(result));
    };
  }

  @Override
  public void stop(String reference, TaskContext context) throws InterruptedException {
    JobRule rule = rule(context);
    JobCall stop = rule.stop();
    if (stop == null) {
      LOG.info(
          "{} of {} goes on: '{}' can't be stopped.",
          reference,
          context.executionArn(),
          rule.resource());
      return;
    }
    AwsService service = services.service(rule.service());
    for (int tried = 0; ; tried++) {
      try {
        service.call(stop.action(), stop.arguments(ids(reference)), context, JobPauses.LOOK);
        return;
      } catch (SdkException e) {
        if (!passes(e) || tried + 1 == JobPauses.STOPS) {
          throw e;
        }
        Thread.sleep(pauses.backOff(tried));
      }
    }
  }

  // ------------------------------------------------------------------ errors

  /** Whether another call may be answered: no answer, too many calls, a fault of the service's. */
  private static boolean passes(SdkException problem) {
    return !(problem instanceof SdkServiceException refusal)
        || refusal.isThrottlingException()
        || refusal.statusCode() == 429
        || refusal.statusCode() >= 500
        || code(problem).startsWith("ExpiredToken");
  }

  private static boolean isMissing(SdkException problem) {
    String code = code(problem).toLowerCase(Locale.ROOT);
    return code.contains("notfound") || code.contains("doesnotexist");
  }

  private static boolean isTaken(JobRule rule, SdkException problem) {
    return code(problem).equals(rule.takenError());
  }

  private static String code(SdkException problem) {
    return problem instanceof AwsServiceException refusal && refusal.awsErrorDetails() != null
        ? String.valueOf(refusal.awsErrorDetails().errorCode())
        : "";
  }

  // ------------------------------------------------------------------ rows and references

  private JobRule rule(TaskContext context) {
    String target = context.target().substring(PREFIX.length());
    JobRule rule =
        rules.get(
            target.endsWith(SYNC) ? target.substring(0, target.length() - SYNC.length()) : target);
    if (rule == null) {
      throw new IllegalStateException("not served: " + context.resource());
    }
    return rule;
  }

  private static ObjectNode ids(String reference) {
    try {
      return (ObjectNode) JsonText.read(reference.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("no reference of ours: " + reference, e);
    }
  }

  private static String text(JsonNode json) {
    try {
      return new String(JsonText.write(json), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
