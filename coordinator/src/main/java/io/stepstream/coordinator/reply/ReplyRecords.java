package io.stepstream.coordinator.reply;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.DescribedMapRun;
import io.stepstream.schemas.EndedExecution;
import io.stepstream.schemas.ListedMapRun;
import io.stepstream.schemas.ListedMapRuns;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.ReplyKind;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.codec.Payloads;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Replies as records of the replies topic, and back. */
public final class ReplyRecords {

  private ReplyRecords() {}

  public static CommandReply record(ReplyTo to, Reply reply) {
    return switch (reply) {
      case Reply.Started(Instant startDate) -> dated(to, ReplyKind.STARTED, startDate);
      case Reply.AlreadyExists() -> plain(to, ReplyKind.ALREADY_EXISTS);
      case Reply.Ended(ExecutionDescription execution) ->
          with(to, ReplyKind.ENDED, ended(execution));
      case Reply.Stopped(Instant stopDate) -> dated(to, ReplyKind.STOPPED, stopDate);
      case Reply.AlreadyEnded(Instant stopDate) -> dated(to, ReplyKind.ALREADY_ENDED, stopDate);
      case Reply.Exists() -> plain(to, ReplyKind.EXISTS);
      case Reply.NoSuchExecution() -> plain(to, ReplyKind.NO_SUCH_EXECUTION);
      case Reply.MapRun(MapRunDescription mapRun) -> with(to, ReplyKind.MAP_RUN, mapRun(mapRun));
      case Reply.NoSuchMapRun() -> plain(to, ReplyKind.NO_SUCH_MAP_RUN);
      case Reply.MapRunUpdated(MapRunUpdate outcome) ->
          plain(
              to,
              switch (outcome) {
                case UPDATED -> ReplyKind.MAP_RUN_UPDATED;
                case ENDED -> ReplyKind.MAP_RUN_HAS_ENDED;
                case NO_SUCH_MAP_RUN -> ReplyKind.NO_SUCH_MAP_RUN;
              });
      case Reply.MapRunsListed(MapRunPage page) -> with(to, ReplyKind.MAP_RUNS_LISTED, page(page));
      case Reply.TaskAccepted() -> plain(to, ReplyKind.TASK_ACCEPTED);
      case Reply.TaskOver() -> plain(to, ReplyKind.TASK_OVER);
      case Reply.TaskOffered(OfferedTask task) -> with(to, ReplyKind.TASK_OFFERED, task);
      case Reply.TooManyPoll() -> plain(to, ReplyKind.TOO_MANY_POLL);
      case Reply.Redriven(Instant redriveDate) -> dated(to, ReplyKind.REDRIVEN, redriveDate);
      case Reply.NotRedrivable(String reason) -> refused(to, ReplyKind.NOT_REDRIVABLE, reason);
      case Reply.Refused(String reason) -> refused(to, ReplyKind.REFUSED, reason);
    };
  }

  private static CommandReply plain(ReplyTo to, ReplyKind kind) {
    return new CommandReply(to, kind, null, null, null);
  }

  private static CommandReply dated(ReplyTo to, ReplyKind kind, Instant at) {
    return new CommandReply(to, kind, at, null, null);
  }

  private static CommandReply refused(ReplyTo to, ReplyKind kind, String reason) {
    return new CommandReply(to, kind, null, reason, null);
  }

  private static CommandReply with(ReplyTo to, ReplyKind kind, Object body) {
    return new CommandReply(to, kind, null, null, body);
  }

  /**
   * Null: a kind of a newer release, or one without what belongs to it. Its call runs into its
   * timeout, which says nothing wrong.
   */
  static @Nullable Reply reply(CommandReply record) {
    Instant at = record.getAt();
    return switch (record.getKind()) {
      case STARTED -> at == null ? null : new Reply.Started(at);
      case ALREADY_EXISTS -> new Reply.AlreadyExists();
      case ENDED ->
          record.getBody() instanceof EndedExecution ended ? new Reply.Ended(ended(ended)) : null;
      case STOPPED -> at == null ? null : new Reply.Stopped(at);
      case ALREADY_ENDED -> at == null ? null : new Reply.AlreadyEnded(at);
      case EXISTS -> new Reply.Exists();
      case NO_SUCH_EXECUTION -> new Reply.NoSuchExecution();
      case MAP_RUN ->
          record.getBody() instanceof DescribedMapRun run ? new Reply.MapRun(mapRun(run)) : null;
      case NO_SUCH_MAP_RUN -> new Reply.NoSuchMapRun();
      case MAP_RUN_UPDATED -> new Reply.MapRunUpdated(MapRunUpdate.UPDATED);
      case MAP_RUN_HAS_ENDED -> new Reply.MapRunUpdated(MapRunUpdate.ENDED);
      case MAP_RUNS_LISTED ->
          record.getBody() instanceof ListedMapRuns runs
              ? new Reply.MapRunsListed(page(runs))
              : null;
      case REDRIVEN -> at == null ? null : new Reply.Redriven(at);
      case NOT_REDRIVABLE -> new Reply.NotRedrivable(reason(record));
      case REFUSED -> new Reply.Refused(reason(record));
      case TASK_ACCEPTED -> new Reply.TaskAccepted();
      case TASK_OVER -> new Reply.TaskOver();
      case TASK_OFFERED ->
          record.getBody() instanceof OfferedTask task ? new Reply.TaskOffered(task) : null;
      case TOO_MANY_POLL -> new Reply.TooManyPoll();
      case UNKNOWN -> null;
    };
  }

  private static String reason(CommandReply record) {
    return record.getReason() == null ? "no reason given" : record.getReason();
  }

  // ------------------------------------------------------------------ executions

  private static EndedExecution ended(ExecutionDescription execution) {
    return new EndedExecution(
        execution.executionArn(),
        execution.stateMachineArn(),
        execution.revisionId(),
        execution.name(),
        execution.status(),
        execution.startDate(),
        execution.stopDate(),
        Payloads.of(execution.input()),
        execution.output() == null ? null : Payloads.of(execution.output()),
        execution.error(),
        execution.cause(),
        execution.traceHeader());
  }

  private static ExecutionDescription ended(EndedExecution record) {
    return new ExecutionDescription(
        record.getExecutionArn(),
        record.getStateMachineArn(),
        record.getRevisionId(),
        record.getName(),
        record.getStatus(),
        record.getStartDate(),
        record.getStopDate(),
        Payloads.bytes(record.getInput()),
        record.getOutput() == null ? null : Payloads.bytes(record.getOutput()),
        record.getError(),
        record.getCause(),
        record.getTraceHeader(),
        0,
        null,
        null,
        null,
        null);
  }

  // ------------------------------------------------------------------ Map runs

  private static DescribedMapRun mapRun(MapRunDescription mapRun) {
    return new DescribedMapRun(
        mapRun.mapRunArn(),
        mapRun.executionArn(),
        mapRun.status(),
        mapRun.startDate(),
        mapRun.stopDate(),
        mapRun.maxConcurrency(),
        mapRun.toleratedFailureCount(),
        mapRun.toleratedFailurePercentage(),
        mapRun.children(),
        mapRun.items(),
        mapRun.redriveCount(),
        mapRun.redriveDate(),
        mapRun.redrivable());
  }

  private static MapRunDescription mapRun(DescribedMapRun record) {
    return new MapRunDescription(
        record.getMapRunArn(),
        record.getExecutionArn(),
        record.getStatus(),
        record.getStartDate(),
        record.getStopDate(),
        record.getMaxConcurrency(),
        record.getToleratedFailureCount(),
        record.getToleratedFailurePercentage(),
        record.getChildren(),
        record.getItems(),
        record.getRedriveCount(),
        record.getRedriveDate(),
        record.getRedrivable());
  }

  private static ListedMapRuns page(MapRunPage page) {
    return new ListedMapRuns(
        page.runs().stream()
            .map(
                run ->
                    new ListedMapRun(
                        run.position(),
                        run.mapRunArn(),
                        run.startDate(),
                        run.stopDate() == null ? null : run.stopDate().toEpochMilli()))
            .toList(),
        page.more());
  }

  private static MapRunPage page(ListedMapRuns record) {
    return new MapRunPage(
        record.getRuns().stream()
            .map(
                run ->
                    new MapRunPage.Listed(
                        run.getPosition(),
                        run.getMapRunArn(),
                        run.getStartDate(),
                        run.getStopMillis() == null
                            ? null
                            : Instant.ofEpochMilli(run.getStopMillis())))
            .toList(),
        record.getMore());
  }
}
