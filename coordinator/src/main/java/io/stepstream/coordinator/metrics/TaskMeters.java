package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.stepstream.asl.engine.Effect;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Of the attempts at one resource: an activity, a function or a service's action. */
final class TaskMeters {

  private final Map<Effect.Attempted.Stage, Counter> stages =
      new EnumMap<>(Effect.Attempted.Stage.class);

  final Timer time;

  /** Only what is taken has these; the workers know of all others when they began. */
  final @Nullable Timer scheduleTime;

  final @Nullable Timer runTime;

  TaskMeters(LaneMeters lane, Effect.Attempted.Kind kind, String resource) {
    Tags tags = Tags.of("kind", text(kind), "resource", resource);
    for (Effect.Attempted.Stage stage : Effect.Attempted.Stage.values()) {
      stages.put(
          stage,
          lane.counter(
              "stepstream.tasks",
              "Attempts of Task states, by how far they have come",
              tags.and("event", text(stage))));
    }
    this.time =
        lane.timer("stepstream.task.time", "From the handing over of an attempt to its end", tags);
    boolean taken = kind == Effect.Attempted.Kind.ACTIVITY;
    this.scheduleTime =
        taken
            ? lane.timer(
                "stepstream.task.schedule.time",
                "From the handing over of an activity's task until a worker takes it",
                tags)
            : null;
    this.runTime =
        taken
            ? lane.timer(
                "stepstream.task.run.time",
                "From the taking of an activity's task to its end",
                tags)
            : null;
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  Counter stage(Effect.Attempted.Stage stage) {
    return stages.get(stage);
  }
}
