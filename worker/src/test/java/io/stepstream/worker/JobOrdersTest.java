package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.JobOrder;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Orders to submit a job, to look at it and to stop it, from their delivery to their settlement.
 */
final class JobOrdersTest {

  private static final String RESOURCE = "arn:aws:states:::batch:submitJob.sync";
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  /** What the service would do next. */
  private final BlockingQueue<Object> next = new LinkedBlockingQueue<>();

  private final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();

  /** Whom the handler was to act as, each time. */
  private final BlockingQueue<String> roles = new LinkedBlockingQueue<>();

  private final SchemaRegistry registry = SchemaRegistry.bundled();
  private final WireCodec<TaskOrder> orders =
      WireCodec.forTopic(TaskOrder.class, "stepstream.tasks.q", registry);
  private final WireCodec<Envelope> envelopes =
      WireCodec.forTopic(Envelope.class, "inbox", registry);
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

  private final JobHandler jobs =
      new JobHandler() {
        @Override
        public List<String> serves() {
          return List.of(RESOURCE);
        }

        @Override
        public Submission submit(JsonNode input, TaskContext context) throws Exception {
          asked.add(input);
          context.roleArn().ifPresent(roles::add);
          return (Submission) happens();
        }

        @Override
        public Look look(Job job, TaskContext context) throws Exception {
          asked.add(job);
          context.roleArn().ifPresent(roles::add);
          return (Look) happens();
        }

        @Override
        public void stop(String reference, TaskContext context) throws Exception {
          asked.add(reference);
          context.roleArn().ifPresent(roles::add);
          happens();
        }
      };

  private Object happens() throws Exception {
    return switch (next.take()) {
      case Exception failure -> throw failure;
      case Object answer -> answer;
    };
  }

  private TaskRunner runner(TaskHandler... handlers) {
    return new TaskRunner(
        1,
        new OrderReader(orders, _ -> 4),
        new TaskInvoker(new HandlerDirectory(List.of(handlers)), InstantSource.system()),
        new ResultPublisher(producer, _ -> envelopes, PayloadKeys.NONE, "worker-1"),
        new OrderRenewal(producer),
        PayloadKeys.NONE,
        new TaskSpans(null),
        InstantSource.system(),
        WorkObserver.NONE);
  }

  private static TaskOrder order(@Nullable JobOrder job) {
    return Orders.of(RESOURCE, "{\"JobName\":\"n\"}").setJob(job).build();
  }

  private FakeDelivery delivery(TaskOrder order, boolean last) {
    return new FakeDelivery(orders.encode(order), last ? Deliveries.MOST + 1 : 1, 10);
  }

  private FakeDelivery run(@Nullable JobOrder job, boolean last, TaskHandler... handlers) {
    return carriedOut(order(job), last, handlers);
  }

  private FakeDelivery carriedOut(TaskOrder order, boolean last, TaskHandler... handlers) {
    FakeDelivery delivery = delivery(order, last);
    runner(handlers).take(new QueueGate(() -> 0), delivery);
    await().until(() -> !delivery.settlements.isEmpty());
    return delivery;
  }

  /** While the handler is at it, the worker hears that nobody waits for the attempt. */
  private FakeDelivery abandoned(@Nullable JobOrder job, Object answer) {
    TaskRunner runner = runner(jobs);
    FakeDelivery delivery = delivery(order(job), false);
    runner.take(new QueueGate(() -> 0), delivery);
    await().until(() -> !asked.isEmpty());
    runner.abandon(Orders.EXECUTION, 7, 3);
    next.add(answer);
    await().until(() -> !delivery.settlements.isEmpty());
    return delivery;
  }

  private Object told(FakeDelivery delivery) {
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).hasSize(1);
    return envelopes.decode(producer.history().getFirst().value())
            instanceof Decoded.Read<Envelope>(Envelope envelope)
        ? envelope.getBody()
        : "unreadable";
  }

  private static JobOrder toLook() {
    return new JobOrder("job", SINCE, 2, false);
  }

  private static JobOrder toStop() {
    return new JobOrder("job", SINCE, 0, true);
  }

  private static JobHandler.Submitted submitted(String reference, JsonNode answer, boolean stop) {
    return new JobHandler.Submitted(reference, answer, Duration.ofSeconds(5), stop);
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellOfTheJobAndSettleTheOrder(boolean stopLate) {
    next.add(submitted("job", text("answer"), stopLate));

    JobRuns told = (JobRuns) told(run(null, false, jobs));

    assertThat(told)
        .isEqualTo(
            new JobRuns("job", Payloads.of("\"answer\""), 5_000L, 0, stopLate ? RESOURCE : null));
    assertThat(asked.remove()).hasToString("{\"JobName\":\"n\"}");
  }

  /** Whoever sees to the job later acts as the role that submitted it. */
  @Test
  void shouldKeepTheRoleWithTheJob() {
    next.add(submitted("job", text("answer"), true));
    next.add(new JobHandler.Running(Duration.ofSeconds(7)));
    next.add("stopped");

    JobRuns told =
        (JobRuns)
            told(
                carriedOut(
                    Orders.of(RESOURCE, "{\"JobName\":\"n\"}").setRoleArn("arn:role").build(),
                    false,
                    jobs));
    asked.clear();
    producer.clear();
    JobRuns seen = (JobRuns) told(run(new JobOrder(told.getJob(), SINCE, 2, false), false, jobs));
    run(new JobOrder(told.getJob(), SINCE, 0, true), false, jobs);

    assertThat(told.getJob()).isEqualTo(new JobText("arn:role", "job").text());
    assertThat(seen.getJob()).isEqualTo(told.getJob());
    assertThat(asked).containsExactly(new JobHandler.Job("job", SINCE, 2), "job");
    assertThat(roles).containsExactly("arn:role", "arn:role", "arn:role");
  }

  @Test
  void shouldCountTheRoleToTheLengthOfTheReference() {
    String role = "arn:" + "r".repeat(2_000);
    next.add(submitted("x".repeat(JobHandler.LONGEST_REFERENCE - 100), text("a"), true));

    TaskFailed told =
        (TaskFailed)
            told(carriedOut(Orders.of(RESOURCE, "{}").setRoleArn(role).build(), false, jobs));

    assertThat(told.getError()).isEqualTo("States.Runtime");
  }

  @Test
  void shouldEndTheTaskWithoutAJobWhereThereIsNothingToWaitFor() {
    next.add(new JobHandler.Ended(text("done")));

    TaskSucceeded told = (TaskSucceeded) told(run(null, false, jobs));

    assertThat(Payloads.text(told.getOutput())).isEqualTo("\"done\"");
  }

  @Test
  void shouldFailTheTaskWhoseRequestIsRefused() {
    next.add(new TaskFailedException("Batch.ClientException", "no"));

    assertThat(told(run(null, false, jobs)))
        .isEqualTo(new TaskFailed("Batch.ClientException", "no"));
  }

  /** A job that is there must be known of. */
  @Test
  void shouldTellOfAJobWithoutAnAnswerThatIsTooLarge() {
    next.add(submitted("job", text("x".repeat(TaskHandler.MOST_RESULT_BYTES)), true));

    JobRuns told = (JobRuns) told(run(null, false, jobs));

    assertThat(Payloads.text(told.getSubmitted())).isEqualTo("{}");
  }

  @Test
  void shouldFailTheTaskWhoseJobHasTooLongAReference() {
    next.add(submitted("x".repeat(JobHandler.LONGEST_REFERENCE + 1), text("a"), true));

    TaskFailed told = (TaskFailed) told(run(null, false, jobs));

    assertThat(told.getError()).isEqualTo("States.Runtime");
    assertThat(told.getCause()).contains("8193 characters");
  }

  @Test
  void shouldLookAgainAtAJobThatRuns() {
    next.add(new JobHandler.Running(Duration.ofSeconds(7)));

    assertThat(told(run(toLook(), false, jobs)))
        .isEqualTo(new JobRuns("job", null, 7_000L, 0, null));
    assertThat(asked.remove()).isEqualTo(new JobHandler.Job("job", SINCE, 2));
  }

  @Test
  void shouldCountTheLooksThatAreNotAnswered() {
    next.add(new JobHandler.Unanswered(Duration.ofDays(9)));

    assertThat(told(run(toLook(), false, jobs)))
        .isEqualTo(new JobRuns("job", null, Duration.ofDays(1).toMillis(), 3, null));
  }

  @Test
  void shouldEndTheTaskWithItsJob() {
    next.add(new JobHandler.Ended(text("done")));

    assertThat(told(run(toLook(), false, jobs))).isInstanceOf(TaskSucceeded.class);
  }

  @Test
  void shouldFailTheTaskWithItsJob() {
    next.add(new TaskFailedException("States.TaskFailed", "{}"));

    assertThat(told(run(toLook(), false, jobs)))
        .isEqualTo(new TaskFailed("States.TaskFailed", "{}"));
  }

  @Test
  void shouldTellNobodyThatAJobWasStoppedOrCouldNotBe() {
    next.add("stopped");
    next.add(new IllegalStateException("the service is away"));

    FakeDelivery stopped = run(toStop(), false, jobs);
    FakeDelivery notStopped = run(toStop(), false, jobs);

    assertThat(stopped.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(notStopped.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).isEmpty();
    assertThat(asked).containsExactly("job", "job");
  }

  /** The attempt of the order may wait for another job. */
  @Test
  void shouldFailNoTaskWhenTheOrderToStopIsDeliveredForTheLastTime() {
    FakeDelivery delivery = run(toStop(), true, jobs);

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).isEmpty();
    assertThat(asked).isEmpty();
  }

  /** Its answer is what the coordinator stops the job by. */
  @Test
  void shouldSubmitToTheEndThoughNobodyWaitsForTheTask() {
    JsonNode answer = JsonNodeFactory.instance.objectNode();

    FakeDelivery delivery = abandoned(null, submitted("job-1", answer, true));

    assertThat(told(delivery)).isInstanceOf(JobRuns.class);
  }

  @Test
  void shouldStopToTheEndThoughNobodyWaitsForTheTask() {
    FakeDelivery delivery = abandoned(toStop(), "stopped");

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(next).as("the call has seen its answer").isEmpty();
  }

  @Test
  void shouldGiveUpALookThatNobodyWaitsFor() {
    FakeDelivery delivery = abandoned(toLook(), new JobHandler.Running(Duration.ofSeconds(1)));

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldSubmitNothingWhereNobodyKnowsOfJobs() {
    TaskHandler plain =
        new TaskHandler() {
          @Override
          public List<String> serves() {
            return List.of(RESOURCE);
          }

          @Override
          public JsonNode handle(JsonNode input, TaskContext context) {
            throw new AssertionError("the job is there already");
          }
        };

    FakeDelivery stop = run(toStop(), false, plain);
    TaskFailed look = (TaskFailed) told(run(toLook(), false, plain));

    assertThat(stop.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(look.getError()).isEqualTo("States.Runtime");
    assertThat(look.getCause()).contains("No handler of this worker serves the resource");
  }

  @Test
  void shouldServeJobsByResourcesOnly() {
    JobHandler named =
        new JobHandler() {
          @Override
          public List<String> serves() {
            return List.of("echo");
          }

          @Override
          public Submission submit(JsonNode input, TaskContext context) {
            return new Ended(input);
          }

          @Override
          public Look look(Job job, TaskContext context) {
            return new Running(Duration.ZERO);
          }

          @Override
          public void stop(String reference, TaskContext context) {}
        };

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HandlerDirectory(List.of(named)))
        .withMessageContaining("jobs are for resources");
  }
}
