package io.stepstream.coordinator.node;

import io.stepstream.coordinator.execution.MapRunChange;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.UpdateMapRun;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Map runs over Kafka: the single writer of the execution's partition answers for them. */
final class KafkaMapRuns implements MapRuns {

  private final KafkaExecutions executions;

  KafkaMapRuns(KafkaExecutions executions) {
    this.executions = executions;
  }

  @Override
  public CompletionStage<Optional<MapRunDescription>> describe(String mapRunArn) {
    return executions
        .ask(mapRunArn, new InspectMapRun(false))
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.MapRun(MapRunDescription mapRun) -> Optional.of(mapRun);
                  case Reply.NoSuchMapRun(), Reply.Refused _ -> Optional.empty();
                  default -> throw KafkaExecutions.unexpected(reply);
                });
  }

  @Override
  public CompletionStage<MapRunUpdate> update(String mapRunArn, MapRunChange change) {
    return executions
        .ask(
            mapRunArn,
            new UpdateMapRun(
                change.maxConcurrency(),
                change.toleratedFailureCount(),
                change.toleratedFailurePercentage()))
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.MapRunUpdated(MapRunUpdate outcome) -> outcome;
                  case Reply.NoSuchMapRun(), Reply.Refused _ -> MapRunUpdate.NO_SUCH_MAP_RUN;
                  default -> throw KafkaExecutions.unexpected(reply);
                });
  }

  @Override
  public CompletionStage<Optional<MapRunPage>> list(
      String executionArn, long after, int maxResults) {
    return executions
        .ask(executionArn, new ListMapRuns(after, maxResults))
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.MapRunsListed(MapRunPage page) -> Optional.of(page);
                  case Reply.NoSuchExecution(), Reply.Refused _ -> Optional.empty();
                  default -> throw KafkaExecutions.unexpected(reply);
                });
  }
}
