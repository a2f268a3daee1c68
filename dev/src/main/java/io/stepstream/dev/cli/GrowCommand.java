package io.stepstream.dev.cli;

import io.stepstream.coordinator.growth.Growth;
import io.stepstream.dev.Refusal;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Spreads new executions of a cluster over more partitions. */
@Command(
    name = "grow",
    description =
        "Spreads new executions over more partitions, while all coordinators are stopped. What has"
            + " begun stays where it is.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "It adds partitions to the lanes' topics and changelogs and remembers the number. It may be"
          + " run again at any point; partitions can't be taken away. docs/procedures.md says how a"
          + " cluster grows."
    })
final class GrowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description = "The coordinators' schema.registry.url, if they have one.")
  private @Nullable String schemaRegistry;

  @Option(
      names = "--partitions",
      required = true,
      paramLabel = "N",
      description = "How many from now on: a multiple of what they are.")
  private int partitions;

  @Override
  public Integer call() throws Refusal {
    if (partitions < 1) {
      throw new ParameterException(
          spec.commandLine(), "--partitions is " + partitions + ", but must be 1 or more");
    }
    String servers = cluster.bootstrapServers();
    if (servers == null) {
      throw new ParameterException(spec.commandLine(), "--bootstrap-servers is missing");
    }
    Map<String, Object> kafka = new HashMap<>(cluster.client());
    kafka.put("bootstrap.servers", servers);
    try (SchemaRegistry registry =
            schemaRegistry == null ? SchemaRegistry.bundled() : SchemaRegistry.at(schemaRegistry);
        Growth growth = Growth.of(kafka, registry)) {
      switch (growth.growTo(partitions)) {
        case Growth.Outcome.Refused(String problem, String remedy) ->
            throw new Refusal(problem, remedy);
        case Growth.Outcome.Grown grown -> print(grown);
      }
    } catch (KafkaException | IllegalStateException e) {
      throw new Refusal(
          "Kafka didn't do it (" + e.getMessage() + ")",
          "See to that, and run the command again: it goes on where it was",
          e);
    }
    return ExitCode.SUCCEEDED;
  }

  private void print(Growth.Outcome.Grown grown) {
    PrintWriter out = spec.commandLine().getOut();
    grown.added().forEach(topic -> out.println(topic + " has " + partitions + " partitions"));
    out.println("Executions are spread over " + grown.generations().counts());
    out.flush();
    spec.commandLine()
        .getErr()
        .println("Set stepstream.partitions to " + partitions + " and start the coordinators.");
  }
}
