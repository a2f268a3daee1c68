package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRecords;
import io.stepstream.schemas.CancelShard;
import io.stepstream.schemas.ChildEnded;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.ProbeShard;
import io.stepstream.schemas.ResumeShard;
import io.stepstream.schemas.SetShardWindow;
import io.stepstream.schemas.ShardEnded;
import io.stepstream.schemas.ShardFailed;
import io.stepstream.schemas.ShardProgressed;
import io.stepstream.schemas.ShardResults;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.codec.Payloads;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the parts of a Map run tell one another, as envelopes and back. */
final class MapRunMessages {

  private MapRunMessages() {}

  /**
   * @param sender whose definition the receiver runs, too, and in whose generation it lives
   */
  static Envelope envelope(Effect.Send send, ExecutionRow sender, long nowMillis) {
    String arn = send.arn();
    int generation = sender.getGeneration();
    return switch (send.event()) {
      case Event.OfMapRun told ->
          new Envelope(arn, generation, told.frameId(), told.epoch(), 0L, null, toMapState(told));
      case Event event ->
          new Envelope(arn, generation, 0L, 0, 0L, null, toPart(event, sender, nowMillis));
    };
  }

  private static Object toMapState(Event.OfMapRun event) {
    return switch (event) {
      case Event.ShardProgressed(_, _, int shard, int seq, var progress, int window) ->
          new ShardProgressed(shard, seq, MapRunRecords.record(progress), window);
      case Event.ShardResults(_, _, int shard, int part, byte[] results) ->
          new ShardResults(shard, part, Payloads.of(results));
      case Event.ShardEnded(_, _, int shard, var progress, int parts) ->
          new ShardEnded(shard, MapRunRecords.record(progress), parts);
      case Event.ShardFailed(_, _, int shard, String error, String cause) ->
          new ShardFailed(shard, error, cause);
    };
  }

  /** To a shard or a child execution. */
  private static Object toPart(Event event, ExecutionRow sender, long nowMillis) {
    return switch (event) {
      case Event.ShardStarted start ->
          new StartShard(
              start.stateMachineArn(),
              sender.getRevisionId(),
              start.roleArn(),
              MapRunRecords.record(start.run()),
              start.window(),
              start.inputs().stream().map(Payloads::of).toList(),
              sender.getTraceHeader());
      case Event.ShardWindowSet(int window) -> new SetShardWindow(window);
      case Event.ShardProbed(String execution, long frame, int epoch, int shard) ->
          new ProbeShard(execution, frame, epoch, shard);
      case Event.ShardCancelled(int epoch, boolean keep) -> new CancelShard(false, epoch, keep);
      case Event.ShardResumed(
              String execution,
              long frame,
              int epoch,
              int shard,
              int redrive,
              int window) ->
          new ResumeShard(execution, frame, epoch, shard, redrive, window);
      case Event.ChildStarted(Event.Started start, Execution.Part.Child child) ->
          new LaunchChild(
              start.stateMachineArn(),
              sender.getRevisionId(),
              start.name(),
              start.roleArn(),
              Payloads.of(start.input()),
              Instant.ofEpochMilli(start.startMillis()),
              MapRunRecords.record(child),
              sender.getTraceHeader());
      case Event.ChildEnded ended ->
          new ChildEnded(
              ended.index(),
              ExecutionRows.status(ended.status()),
              ended.output() == null ? null : Payloads.of(ended.output()),
              ended.error(),
              ended.cause(),
              Instant.ofEpochMilli(ended.startMillis()),
              Instant.ofEpochMilli(ended.stopMillis()),
              ended.redrive(),
              ended.redriveCount());
      case Event.StopRequested(String error, String cause) ->
          new StopExecution(error, cause, Instant.ofEpochMilli(nowMillis));
      default -> throw new IllegalStateException("nobody is told " + event);
    };
  }

  /** Null: the envelope is no message of a Map run, or begins something. */
  static @Nullable Event event(Envelope envelope) {
    long frame = envelope.getFrameId();
    int epoch = envelope.getEpoch();
    return switch (envelope.getBody()) {
      case ShardProgressed told ->
          new Event.ShardProgressed(
              frame,
              epoch,
              told.getShard(),
              told.getSeq(),
              MapRunRecords.progress(told.getProgress()),
              told.getWindow());
      case ShardResults told ->
          new Event.ShardResults(
              frame, epoch, told.getShard(), told.getPart(), Payloads.bytes(told.getResults()));
      case ShardEnded told ->
          new Event.ShardEnded(
              frame,
              epoch,
              told.getShard(),
              MapRunRecords.progress(told.getProgress()),
              told.getParts());
      case ShardFailed told ->
          new Event.ShardFailed(frame, epoch, told.getShard(), told.getError(), told.getCause());
      case SetShardWindow set -> new Event.ShardWindowSet(set.getWindow());
      case ProbeShard probe ->
          new Event.ShardProbed(
              probe.getExecutionArn(), probe.getFrameId(), probe.getEpoch(), probe.getShard());
      case CancelShard cancel -> new Event.ShardCancelled(cancel.getEpoch(), cancel.getKeep());
      case ResumeShard resume ->
          new Event.ShardResumed(
              resume.getExecutionArn(),
              resume.getFrameId(),
              resume.getEpoch(),
              resume.getShard(),
              resume.getRedrive(),
              resume.getWindow());
      case ChildEnded ended ->
          new Event.ChildEnded(
              ended.getIndex(),
              ended.getRedrive(),
              ended.getRedriveCount(),
              ExecutionRows.status(ended.getStatus()),
              ended.getOutput() == null ? null : Payloads.bytes(ended.getOutput()),
              ended.getError(),
              ended.getCause(),
              ended.getStartDate().toEpochMilli(),
              ended.getStopDate().toEpochMilli());
      default -> null;
    };
  }

  static Event.ShardStarted started(String arn, StartShard start) {
    return new Event.ShardStarted(
        arn,
        start.getStateMachineArn(),
        start.getRoleArn(),
        MapRunRecords.shardOf(start.getRun()),
        start.getWindow(),
        start.getInputs().stream().map(Payloads::bytes).toList());
  }

  static Event.ChildStarted started(String arn, LaunchChild launch, boolean express) {
    return new Event.ChildStarted(
        new Event.Started(
            arn,
            launch.getName(),
            launch.getStateMachineArn(),
            launch.getRoleArn(),
            express,
            launch.getRequestedAt().toEpochMilli(),
            Payloads.bytes(launch.getInput()),
            null),
        MapRunRecords.child(launch.getChild()));
  }
}
