package io.stepstream.loadtests;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.coordinator.metrics.Metering;
import io.stepstream.coordinator.node.CoordinatorNode;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.coordinator.shell.TaskWorld;
import io.stepstream.dev.Refusal;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.tracing.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A coordinator in a process of its own, with its own state and so its own name in the groups, in a
 * control group of its own.
 */
final class CoordinatorProcess implements AutoCloseable {

  private final JavaProcess process;
  private final CpuGroup group;

  private CoordinatorProcess(JavaProcess process, CpuGroup group) {
    this.process = process;
    this.group = group;
  }

  /** The coordinator's own process: brokers, state directory, partitions. */
  static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    NodeSettings settings =
        new NodeSettings(
            args[0],
            Path.of(args[1]),
            new TopicLayout(Integer.parseInt(args[2]), BenchSettings.QUEUE_PARTITIONS, 1, 1),
            ScalingSettings.THREADS,
            0,
            "us-east-1",
            true,
            true,
            false,
            Sampling.NONE,
            null,
            Map.of());
    try (SchemaRegistry registry = SchemaRegistry.bundled();
        Definitions definitions =
            Definitions.open(
                Map.of("bootstrap.servers", settings.bootstrapServers()),
                registry,
                Engine.DEFINITION_CACHE_BYTES);
        CoordinatorNode node =
            new CoordinatorNode(
                settings,
                Generations.of(settings.layout().partitions()),
                definitions.catalogue(),
                registry,
                new TaskWorld(TaskTokens.unprotected(), _ -> true, Permissions.open()),
                PayloadKeys.NONE,
                new Metering(new SimpleMeterRegistry(), 200),
                Clock.systemUTC())) {
      node.start();
      JavaProcess.serve(
          Files.readString(settings.stateDirectory().resolve("node-id")).strip(),
          () -> CoordinatorReport.of(node).line());
    }
    System.exit(0);
  }

  /**
   * Returns when it has begun to work; {@link Placement} tells when it has partitions.
   *
   * @throws Refusal if there can't be a CPU quota
   */
  static CoordinatorProcess start(String bootstrapServers, Path stateDirectory, int partitions)
      throws Refusal, InterruptedException {
    JavaProcess process =
        JavaProcess.start(
            "A coordinator",
            CoordinatorProcess.class,
            "384m",
            bootstrapServers,
            stateDirectory.toString(),
            String.valueOf(partitions));
    try {
      CpuGroup group = CpuGroup.create(CpuGroup.ROOT, "stepstream-bench-" + process.pid());
      group.add(process.pid());
      return new CoordinatorProcess(process, group);
    } catch (RuntimeException | Refusal e) {
      process.close();
      throw e;
    }
  }

  /** Its name in the groups. */
  String nodeId() {
    return process.ready();
  }

  CoordinatorReport report() {
    return CoordinatorReport.parse(process.ask());
  }

  double cpuSeconds() {
    return process.cpuSeconds();
  }

  CpuGroup group() {
    return group;
  }

  @Override
  public void close() {
    // Under a quota a stop would take too long. A group can be removed when its process has ended.
    group.unlimited();
    process.close();
    group.close();
  }
}
