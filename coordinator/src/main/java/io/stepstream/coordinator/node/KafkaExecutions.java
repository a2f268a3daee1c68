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
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
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
  private final Generations generations;
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
      Generations generations,
      Clock clock,
      Duration longestWrite) {
    this.producer = producer;
    this.standard = standard;
    this.express = express;
    this.replies = replies;
    this.standardAdmission = standardAdmission;
    this.expressAdmission = expressAdmission;
    this.view = view;
    this.generations = generations;
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
    // Nothing can conflict with a name of ours, so the durable append is the start. But a record
    // that is read again gives the same name again, which an older generation may have.
    boolean unheardOf =
        lane == Lane.EXPRESS || request.name() == null && request.triggered() == null;
    Envelope envelope =
        new Envelope(
            arn, unheardOf ? generations.latest() : generations.unknown(), 0L, 0, 0L, null, launch);
    if (!admit(lane, envelope)) {
      return CompletableFuture.completedFuture(new StartOutcome.Throttled());
    }
    if (request.name() == null || lane == Lane.EXPRESS) {
      return send(lane, envelope).thenApply(_ -> new StartOutcome.Started(arn, requestedAt));
    }
    return ask(lane, envelope, PATIENCE)
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
    Envelope envelope = new Envelope(arn, generations.latest(), 0L, 0, 0L, null, launch);
    if (!admit(Lane.EXPRESS, envelope)) {
      return CompletableFuture.completedFuture(new SyncOutcome.Throttled());
    }
    return open(timeout, Lane.EXPRESS, envelope)
        .thenCompose(
            call ->
                send(Lane.EXPRESS, answered(envelope, call))
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
            && !expressAdmission.isOwned(generations.latestPartition(ExecutionKey.of(arn)));
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
    return fromView(executionArn, partition -> view.describe(executionArn, partition));
  }

  @Override
  public CompletionStage<Optional<HistoryPage>> history(
      String executionArn, long afterEventId, int maxResults, boolean reverse) {
    return fromView(
        executionArn,
        partition -> view.page(executionArn, partition, afterEventId, maxResults, reverse));
  }

  /**
   * The view may lag behind an execution that has just begun. So before it is said not to exist,
   * the single writer is asked in log order; if it knows the execution, its first record is on the
   * way.
   */
  private <T> CompletionStage<Optional<T>> fromView(
      String executionArn, IntFunction<Optional<T>> look) {
    ExecutionKey key = ExecutionKey.of(executionArn);
    List<Integer> apart = generations.apart(key);
    if (apart.size() == 1) {
      Optional<T> known;
      try {
        known = look.apply(generations.partition(key, apart.getFirst()));
      } catch (Elsewhere e) {
        return CompletableFuture.failedFuture(e);
      }
      if (known.isPresent()) {
        return CompletableFuture.completedFuture(known);
      }
    }
    return fromWriters(key, apart, look);
  }

  /**
   * Most is new, so the latest generation is asked first. An execution is in one of them and stays
   * there.
   */
  private <T> CompletionStage<Optional<T>> fromWriters(
      ExecutionKey key, List<Integer> apart, IntFunction<Optional<T>> look) {
    int generation = apart.getLast();
    int place = generations.partition(key, generation);
    Envelope inspect =
        new Envelope(key.arn(), generation, 0L, 0, 0L, null, new InspectExecution(false));
    return ask(Lane.STANDARD, inspect, PATIENCE)
        .thenCompose(
            reply ->
                switch (reply) {
                  case Reply.Exists() ->
                      awaitView(() -> look.apply(place), System.nanoTime() + PATIENCE.toNanos());
                  case Reply.NoSuchExecution(), Reply.Refused _ ->
                      apart.size() == 1
                          ? CompletableFuture.completedFuture(Optional.<T>empty())
                          : fromWriters(key, apart.subList(0, apart.size() - 1), look);
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
    return ask(executionArn, new StopExecution(error, cause, now()))
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
    return ask(executionArn, new RedriveExecution(clientToken, now()))
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

  private boolean admit(Lane lane, Envelope envelope) {
    return admission(lane).enter(place(envelope));
  }

  /** Where the command goes first. */
  private int place(Envelope envelope) {
    return generations.partition(
        ExecutionKey.of(envelope.getExecutionArn()), envelope.getGeneration());
  }

  private Admission admission(Lane lane) {
    return lane == Lane.EXPRESS ? expressAdmission : standardAdmission;
  }

  /** A start that was let in gives its room back. */
  private void neverSent(Lane lane, Envelope envelope) {
    if (envelope.getBody() instanceof LaunchExecution) {
      admission(lane).left(place(envelope));
    }
  }

  // ------------------------------------------------------------------ commands

  private CompletableFuture<PendingReplies.Call> open(
      Duration timeout, Lane lane, Envelope envelope) {
    try {
      return CompletableFuture.completedFuture(replies.open(timeout));
    } catch (Unavailable e) {
      neverSent(lane, envelope);
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Asks the Standard lane's writer of the partition of what has the ARN. */
  CompletableFuture<Reply> ask(String arn, Object body) {
    return ask(Lane.STANDARD, byName(arn, body), PATIENCE);
  }

  /** Says something of an attempt to the writer of its execution. */
  CompletableFuture<Reply> ask(TaskToken attempt, Object body) {
    return ask(attempt, body, PATIENCE);
  }

  /** The same of what the writer may be slower to answer. */
  CompletableFuture<Reply> ask(TaskToken attempt, Object body, Duration timeout) {
    Envelope envelope = byName(attempt.executionArn(), body);
    envelope.setFrameId(attempt.frameId());
    envelope.setEpoch(attempt.epoch());
    return ask(Lane.STANDARD, envelope, timeout);
  }

  /** Tells the Standard lane's writer something that it need not answer, or not soon. */
  CompletableFuture<Void> tell(String arn, ReplyTo replyTo, Object body) {
    Envelope envelope = byName(arn, body);
    envelope.setReplyTo(replyTo);
    return send(Lane.STANDARD, envelope);
  }

  /** To what may be in any generation. */
  private Envelope byName(String arn, Object body) {
    return new Envelope(arn, generations.unknown(), 0L, 0, 0L, null, body);
  }

  private CompletableFuture<Reply> ask(Lane lane, Envelope envelope, Duration timeout) {
    return open(timeout, lane, envelope)
        .thenCompose(call -> send(lane, answered(envelope, call)).thenCompose(_ -> call.reply()))
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

  private static Envelope answered(Envelope envelope, PendingReplies.Call call) {
    envelope.setReplyTo(call.replyTo());
    return envelope;
  }

  private CompletableFuture<Void> send(Lane lane, Envelope envelope) {
    LaneCodecs codecs = lane == Lane.EXPRESS ? express : standard;
    CompletableFuture<Void> sent = new CompletableFuture<>();
    sent.exceptionally(
        _ -> {
          neverSent(lane, envelope);
          return null;
        });
    try {
      codecs.seals().seal(envelope);
      producer.send(
          new ProducerRecord<>(
              LaneTopics.of(lane).inbox(),
              place(envelope),
              envelope.getExecutionArn().getBytes(StandardCharsets.UTF_8),
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
