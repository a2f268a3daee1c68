package io.stepstream.coordinator.execution;

import io.stepstream.schemas.MapRunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Map runs that a test describes; they run nothing. An execution with any of them exists. */
public final class InMemoryMapRuns implements MapRuns {

  private final List<MapRunDescription> runs = new ArrayList<>();
  private @Nullable MapRunChange change;

  public void add(MapRunDescription run) {
    runs.add(run);
  }

  /** The latest change that was asked for. */
  public @Nullable MapRunChange change() {
    return change;
  }

  @Override
  public CompletionStage<Optional<MapRunDescription>> describe(String mapRunArn) {
    return CompletableFuture.completedFuture(
        runs.stream().filter(run -> run.mapRunArn().equals(mapRunArn)).findFirst());
  }

  @Override
  public CompletionStage<MapRunUpdate> update(String mapRunArn, MapRunChange asked) {
    return describe(mapRunArn)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                return MapRunUpdate.NO_SUCH_MAP_RUN;
              }
              if (found.get().status() != MapRunStatus.RUNNING) {
                return MapRunUpdate.ENDED;
              }
              change = asked;
              return MapRunUpdate.UPDATED;
            });
  }

  @Override
  public CompletionStage<Optional<MapRunPage>> list(
      String executionArn, long after, int maxResults) {
    List<MapRunPage.Listed> all = new ArrayList<>();
    for (MapRunDescription run : runs) {
      if (run.executionArn().equals(executionArn)) {
        all.add(
            new MapRunPage.Listed(
                all.size() + 1L, run.mapRunArn(), run.startDate(), run.stopDate()));
      }
    }
    if (all.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    List<MapRunPage.Listed> rest = all.stream().filter(run -> run.position() > after).toList();
    return CompletableFuture.completedFuture(
        Optional.of(
            new MapRunPage(
                rest.subList(0, Math.min(maxResults, rest.size())), rest.size() > maxResults)));
  }
}
