package io.stepstream.coordinator.node;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.execution.Elsewhere;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.HistoryPage;
import io.stepstream.coordinator.execution.RedriveOutcome;
import io.stepstream.coordinator.execution.StartOutcome;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.StopOutcome;
import io.stepstream.coordinator.execution.SyncOutcome;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.coordinator.view.HistoryView;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TriggeredStart;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Executions over Kafka: commands go to the inbox of the execution's partition and are answered by
 * its single writer; histories come from the view.
 *
 * <p>Any node takes any call: the writer's answer comes back in the process or over the replies
 * topic, wherever the partition is or moves to meanwhile. What only another node's view has ends in
 * {@link Elsewhere}, and the API hands the call on.
 */
final class KafkaExecutions implements Executions {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * A little more than the producer has for a record. It gives none up while it asks for a new
   * producer id, as it does when it has given up one before, and with all brokers away it asks
   * until one is back: whoever waits for it alone hangs for as long.
   */
  static final Duration LONGEST_WRITE = Duration.ofSeconds(12);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** With a third of the partitions here, one of a thousand calls goes to another node. */
  private static final int LOOKS_FOR_OWN_PARTITION = 16;

  private static final Duration VIEW_POLL = Duration.ofMillis(5);

  private final Producer<byte[], byte[]> producer;
  private final LaneCodecs standard;
  private final LaneCodecs express;
  private final PendingReplies replies;
  private final Admission standardAdmission;
  private final Admission expressAdmission;
  private final HistoryView view;
  private final int partitions;
  private final Clock clock;
  private final Duration longestWrite;

  /**
   * @param longestWrite how long a call waits for its command to be written; {@link
   *     #LONGEST_WRITE}, but in tests
   */
  KafkaExecutions(
      Producer<byte[], byte[]> producer,
      LaneCodecs standard,
      LaneCodecs express,
      PendingReplies replies,
      Admission standardAdmission,
      Admission expressAdmission,
      HistoryView view,
      int partitions,
      Clock clock,
      Duration longestWrite) {
    this.producer = producer;
    this.standard = standard;
    this.express = express;
    this.replies = replies;
    this.standardAdmission = standardAdmission;
    this.expressAdmission = expressAdmission;
    this.view = view;
    this.partitions = partitions;
    this.clock = clock;
    this.longestWrite = longestWrite;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public CompletionStage<StartOutcome> start(StartRequest request) {
    Lane lane = request.machine().getLane();
    Instant requestedAt = now();
    String unique = unique(request.triggered());
    String name = request.name() == null ? unique : request.name();
    String arn = ExecutionArns.of(request.machine(), name, unique);
    LaunchExecution launch = launch(request, name, requestedAt, ReplyWhen.STARTED);
    if (!admit(lane, arn)) {
      return CompletableFuture.completedFuture(new StartOutcome.Throttled());
    }
    if (request.name() == null || lane == Lane.EXPRESS) {
      // Nothing can conflict with a name of ours, so the durable append is the start.
      return send(lane, arn, null, launch)
          .thenApply(_ -> new StartOutcome.Started(arn, requestedAt));
    }
    return ask(lane, arn, launch, PATIENCE)
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.Started(Instant startDate) -> new StartOutcome.Started(arn, startDate);
                  case Reply.AlreadyExists() -> new StartOutcome.AlreadyExists(arn);
                  case Reply.Refused(String reason) -> throw new Unavailable(reason, RETRY_AFTER);
                  default -> throw unexpected(reply);
                });
  }

  /**
   * Makes the ARNs of Express executions differ. One record gives one ARN, so that a record which
   * is read again finds its execution for as long as there is something of it.
   */
  private static String unique(@Nullable TriggeredStart triggered) {
    return triggered == null
        ? UUID.randomUUID().toString()
        : UUID.nameUUIDFromBytes(triggered.getBy().toString().getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  @Override
  public CompletionStage<SyncOutcome> startSync(StartRequest request, Duration timeout) {
    Instant requestedAt = now();
    String unique = UUID.randomUUID().toString();
    String name = request.name() == null ? unique : request.name();
    String arn = arnHere(request, name, unique);
    LaunchExecution launch = launch(request, name, requestedAt, ReplyWhen.COMPLETED);
    if (!admit(Lane.EXPRESS, arn)) {
      return CompletableFuture.completedFuture(new SyncOutcome.Throttled());
    }
    return open(timeout, Lane.EXPRESS, arn, launch)
        .thenCompose(
            call ->
                send(Lane.EXPRESS, arn, call.replyTo(), launch)
                    .thenCompose(_ -> call.reply())
                    .<SyncOutcome>thenApply(
                        reply ->
                            switch (reply) {
                              case Reply.Ended(ExecutionDescription execution) ->
                                  new SyncOutcome.Ended(execution);
                              case Reply.Refused(String reason) ->
                                  throw new Unavailable(reason, RETRY_AFTER);
                              default -> throw unexpected(reply);
                            })
                    .exceptionally(
                        failure -> {
                          if (cause(failure) instanceof TimeoutException) {
                            return new SyncOutcome.TimedOutWaiting(arn, name, requestedAt);
                          }
                          throw new CompletionException(cause(failure));
                        }));
  }

  /**
   * An ARN whose partition this node has, so that the answer need not go over Kafka. Where the node
   * has few partitions, or none, any will do.
   */
  private String arnHere(StartRequest request, String name, String unique) {
    String arn = ExecutionArns.of(request.machine(), name, unique);
    for (int i = 0;
        i < LOOKS_FOR_OWN_PARTITION
            && !expressAdmission.isOwned(ExecutionKey.of(arn).partition(partitions));
        i++) {
      arn = ExecutionArns.of(request.machine(), name, UUID.randomUUID().toString());
    }
    return arn;
  }

  private static LaunchExecution launch(
      StartRequest request, String name, Instant requestedAt, ReplyWhen replyWhen) {
    return new LaunchExecution(
        request.machine().getStateMachineArn(),
        request.machine().getRevisionId(),
        request.definitionOffset(),
        name,
        request.name() != null,
        Payloads.of(request.input()),
        requestedAt,
        request.traceHeader(),
        replyWhen,
        request.startedBy(),
        null,
        request.triggered());
  }

  @Override
  public CompletionStage<Optional<ExecutionDescription>> describe(String executionArn) {
    return fromView(executionArn, () -> view.describe(executionArn));
  }

  @Override
  public CompletionStage<Optional<HistoryPage>> history(
      String executionArn, long afterEventId, int maxResults, boolean reverse) {
    return fromView(executionArn, () -> view.page(executionArn, afterEventId, maxResults, reverse));
  }

  /**
   * The view may lag behind an execution that has just begun. So before it is said not to exist,
   * the single writer is asked in log order; if it knows the execution, its first record is on the
   * way.
   */
  private <T> CompletionStage<Optional<T>> fromView(
      String executionArn, Supplier<Optional<T>> look) {
    Optional<T> known;
    try {
      known = look.get();
    } catch (Elsewhere e) {
      return CompletableFuture.failedFuture(e);
    }
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known);
    }
    return ask(Lane.STANDARD, executionArn, new InspectExecution(false), PATIENCE)
        .thenCompose(
            reply ->
                switch (reply) {
                  case Reply.Exists() -> awaitView(look, System.nanoTime() + PATIENCE.toNanos());
                  case Reply.NoSuchExecution(), Reply.Refused _ ->
                      CompletableFuture.completedFuture(Optional.<T>empty());
                  default -> throw unexpected(reply);
                });
  }

  private <T> CompletableFuture<Optional<T>> awaitView(
      Supplier<Optional<T>> look, long deadlineNanos) {
    Executor later = CompletableFuture.delayedExecutor(VIEW_POLL.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(look, later)
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return CompletableFuture.completedFuture(found);
              }
              if (System.nanoTime() > deadlineNanos) {
                throw new Unavailable("The view of histories lags behind", RETRY_AFTER);
              }
              return awaitView(look, deadlineNanos);
            });
  }

  @Override
  public CompletionStage<StopOutcome> stop(
      String executionArn, @Nullable String error, @Nullable String cause) {
    return ask(Lane.STANDARD, executionArn, new StopExecution(error, cause, now()), PATIENCE)
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.Stopped(Instant stopDate) -> new StopOutcome.Stopped(stopDate);
                  case Reply.AlreadyEnded(Instant stopDate) ->
                      new StopOutcome.AlreadyEnded(stopDate);
                  case Reply.NoSuchExecution() -> new StopOutcome.NoSuchExecution();
                  case Reply.Refused(String reason) -> throw new Unavailable(reason, RETRY_AFTER);
                  default -> throw unexpected(reply);
                });
  }

  @Override
  public CompletionStage<RedriveOutcome> redrive(
      String executionArn, @Nullable String clientToken) {
    return ask(Lane.STANDARD, executionArn, new RedriveExecution(clientToken, now()), PATIENCE)
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.Redriven(Instant redriveDate) ->
                      new RedriveOutcome.Redriven(redriveDate);
                  case Reply.NotRedrivable(String reason) ->
                      new RedriveOutcome.NotRedrivable(reason);
                  case Reply.NoSuchExecution() -> new RedriveOutcome.NoSuchExecution();
                  case Reply.Refused(String reason) -> throw new Unavailable(reason, RETRY_AFTER);
                  default -> throw unexpected(reply);
                });
  }

  Seals seals() {
    return standard.seals();
  }

  static IllegalStateException unexpected(Reply reply) {
    return new IllegalStateException("a command was answered by " + reply);
  }

  // ------------------------------------------------------------------ admission

  private boolean admit(Lane lane, String arn) {
    return admission(lane).enter(ExecutionKey.of(arn).partition(partitions));
  }

  private Admission admission(Lane lane) {
    return lane == Lane.EXPRESS ? expressAdmission : standardAdmission;
  }

  /** A start that was let in gives its room back. */
  private void neverSent(Lane lane, String arn, Object body) {
    if (body instanceof LaunchExecution) {
      admission(lane).left(ExecutionKey.of(arn).partition(partitions));
    }
  }

  // ------------------------------------------------------------------ commands

  private CompletableFuture<PendingReplies.Call> open(
      Duration timeout, Lane lane, String arn, Object body) {
    try {
      return CompletableFuture.completedFuture(replies.open(timeout));
    } catch (Unavailable e) {
      neverSent(lane, arn, body);
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Asks the Standard lane's writer of the partition of what has the ARN. */
  CompletableFuture<Reply> ask(String arn, Object body) {
    return ask(Lane.STANDARD, arn, body, PATIENCE);
  }

  /** Says something of an attempt to the writer of its execution. */
  CompletableFuture<Reply> ask(TaskToken attempt, Object body) {
    return ask(attempt, body, PATIENCE);
  }

  /** The same of what the writer may be slower to answer. */
  CompletableFuture<Reply> ask(TaskToken attempt, Object body, Duration timeout) {
    String arn = attempt.executionArn();
    return answerOf(
        Lane.STANDARD,
        arn,
        body,
        timeout,
        call ->
            send(
                Lane.STANDARD,
                new Envelope(
                    arn, 1, attempt.frameId(), attempt.epoch(), 0L, call.replyTo(), body)));
  }

  /** Tells the Standard lane's writer something that it need not answer, or not soon. */
  CompletableFuture<Void> tell(String arn, ReplyTo replyTo, Object body) {
    return send(Lane.STANDARD, arn, replyTo, body);
  }

  private CompletableFuture<Reply> ask(Lane lane, String arn, Object body, Duration timeout) {
    return answerOf(lane, arn, body, timeout, call -> send(lane, arn, call.replyTo(), body));
  }

  private CompletableFuture<Reply> answerOf(
      Lane lane,
      String arn,
      Object body,
      Duration timeout,
      Function<PendingReplies.Call, CompletableFuture<Void>> send) {
    return open(timeout, lane, arn, body)
        .thenCompose(call -> send.apply(call).thenCompose(_ -> call.reply()))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    cause(failure) instanceof TimeoutException
                        ? new Unavailable(
                            "The execution's partition did not answer in time",
                            RETRY_AFTER,
                            failure)
                        : cause(failure)));
  }

  private CompletableFuture<Void> send(
      Lane lane, String arn, @Nullable ReplyTo replyTo, Object body) {
    return send(lane, new Envelope(arn, 1, 0L, 0, 0L, replyTo, body));
  }

  private CompletableFuture<Void> send(Lane lane, Envelope envelope) {
    LaneCodecs codecs = lane == Lane.EXPRESS ? express : standard;
    String arn = envelope.getExecutionArn();
    Object body = envelope.getBody();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    sent.exceptionally(
        _ -> {
          neverSent(lane, arn, body);
          return null;
        });
    try {
      codecs.seals().seal(envelope);
      producer.send(
          new ProducerRecord<>(
              LaneTopics.of(lane).inbox(),
              ExecutionKey.of(arn).partition(partitions),
              arn.getBytes(StandardCharsets.UTF_8),
              codecs.inbox().encode(envelope)),
          (_, failure) -> {
            if (failure == null) {
              sent.complete(null);
            } else {
              sent.completeExceptionally(
                  new Unavailable("The command could not be written", RETRY_AFTER, failure));
            }
          });
    } catch (KeyUnavailableException e) {
      sent.completeExceptionally(e);
    } catch (RuntimeException e) {
      sent.completeExceptionally(
          new Unavailable("The command could not be written", RETRY_AFTER, e));
    }
    // A copy, since the command may still be written: it isn't one that was never sent.
    return sent.copy()
        .orTimeout(longestWrite.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    cause(failure) instanceof TimeoutException
                        ? new Unavailable(
                            "The command was not written in time", RETRY_AFTER, failure)
                        : cause(failure)));
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
