package io.stepstream.coordinator.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.StopPolling;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a call says to which partition; the test answers for the partitions. */
final class ActivityCallTest {

  private static final String ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:a";
  private static final String EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:m:run";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
  private final LaneCodecs codecs =
      LaneCodecs.of(LaneTopics.of(Lane.STANDARD), SchemaRegistry.bundled(), Seals.none());
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private final PendingReplies replies = new PendingReplies("node");
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private CompletableFuture<ActivityPoll> poll(Duration wait) {
    KafkaExecutions executions =
        KafkaExecutionsTest.executions(
            producer, codecs, replies, Generations.of(8), clock, KafkaExecutions.LONGEST_WRITE);
    return new KafkaActivityTasks(executions, replies, clock)
        .poll(ACTIVITY, "worker", wait, gone)
        .toCompletableFuture();
  }

  private List<Envelope> said() {
    return producer.history().stream()
        .map(
            record ->
                switch (codecs.inbox().decode(record.value())) {
                  case Decoded.Read(Envelope envelope) -> envelope;
                  case Decoded.Unreadable(String reason) -> throw new AssertionError(reason);
                })
        .toList();
  }

  private Envelope last(Class<?> body) {
    Envelope last = said().getLast();
    assertThat(last.getBody()).isInstanceOf(body);
    return last;
  }

  private void answer(Envelope command, Reply reply) {
    replies.complete(command.getReplyTo(), reply);
  }

  private static Reply.TaskOffered offer(long frame) {
    return new Reply.TaskOffered(
        new OfferedTask(
            EXECUTION,
            frame,
            2,
            Instant.ofEpochMilli(5),
            "token-" + frame,
            Payloads.of("{}".getBytes(UTF_8))));
  }

  @Test
  void shouldTakeWhatItIsOfferedBeforeItAnswers() {
    CompletableFuture<ActivityPoll> poll = poll(LONG);
    Envelope asked = last(PollActivity.class);
    assertThat(asked.getExecutionArn()).isEqualTo(ACTIVITY);

    answer(asked, offer(1));
    Envelope take = last(TakeTask.class);
    assertThat(take.getExecutionArn()).isEqualTo(EXECUTION);
    assertThat(take.getFrameId()).isEqualTo(1);
    assertThat(take.getEpoch()).isEqualTo(2);
    TakeTask wanted = (TakeTask) take.getBody();
    assertThat(wanted.getActivityArn()).isEqualTo(ACTIVITY);
    assertThat(wanted.getOfferedAt()).isEqualTo(Instant.ofEpochMilli(5));
    assertThat(wanted.getWorkerName()).isEqualTo("worker");
    assertThat(poll).as("it may not be this call's").isNotDone();
    answer(take, new Reply.TaskAccepted());

    assertThat(((ActivityPoll.Task) poll.join()).taskToken()).isEqualTo("token-1");
  }

  /** A writer that comes back late must not take it for a call that has given up. */
  @Test
  void shouldLetATaskBeTakenOnlyWhileItWaitsForTheAnswer() {
    poll(LONG);
    answer(last(PollActivity.class), offer(1));

    TakeTask take = (TakeTask) last(TakeTask.class).getBody();
    assertThat(take.getUntil())
        .isAfter(clock.instant())
        .isBefore(clock.instant().plus(ActivityTasks.LONGEST_TAKE));
  }

  @Test
  void shouldPollAgainWhenSomebodyElseHasTheTask() {
    CompletableFuture<ActivityPoll> poll = poll(LONG);
    for (Reply lost :
        List.of(
            new Reply.TaskOver(),
            new Reply.NoSuchExecution(),
            new Reply.AlreadyEnded(Instant.EPOCH))) {
      answer(last(PollActivity.class), offer(1));
      answer(last(TakeTask.class), lost);
    }
    answer(last(PollActivity.class), offer(2));
    answer(last(TakeTask.class), new Reply.TaskAccepted());

    assertThat(((ActivityPoll.Task) poll.join()).taskToken()).isEqualTo("token-2");
    assertThat(said()).extracting(Envelope::getBody).noneMatch(StopPolling.class::isInstance);
  }

  @Test
  void shouldSayThatItWaitsNoMoreWhenTheClientHasGone() {
    CompletableFuture<ActivityPoll> poll = poll(LONG);
    Envelope asked = last(PollActivity.class);

    gone.complete(null);

    assertThat(poll.join()).isEqualTo(new ActivityPoll.Nothing());
    assertThat(last(StopPolling.class).getReplyTo()).isEqualTo(asked.getReplyTo());
    assertThat(replies.isOver(asked.getReplyTo())).isTrue();
    int commands = said().size();
    answer(asked, offer(1)); // was on its way
    assertThat(said()).as("nothing is taken for nobody").hasSize(commands);
  }

  @Test
  void shouldSayThatItWaitsNoMoreWhenItsTimeIsOver() {
    CompletableFuture<ActivityPoll> poll = poll(Duration.ofMillis(50));

    assertThat(poll.join()).isEqualTo(new ActivityPoll.Nothing());
    await().untilAsserted(() -> last(StopPolling.class));
  }

  @Test
  void shouldTellOfTooManyCallsAndOfOutages() {
    CompletableFuture<ActivityPoll> tooMany = poll(LONG);
    answer(last(PollActivity.class), new Reply.TooManyPoll());
    assertThat(tooMany.join()).isEqualTo(new ActivityPoll.TooManyWorkers());

    CompletableFuture<ActivityPoll> refused = poll(LONG);
    answer(last(PollActivity.class), new Reply.Refused("no"));
    assertThat(refused)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(Unavailable.class);

    producer.sendException = new KafkaException("away");
    CompletableFuture<ActivityPoll> unsent = poll(LONG);
    assertThat(unsent).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(Unavailable.class);
  }
}
