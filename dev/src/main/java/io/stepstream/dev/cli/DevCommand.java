package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.stack.Stack;
import io.stepstream.dev.stack.StackSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keeps the whole stack running until it is told to stop. */
@Command(
    name = "dev",
    description = "Keeps a broker, the coordinator and a worker running on this machine.",
    mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "8333",
      paramLabel = "PORT",
      description = "Port of the API on 127.0.0.1; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--kafka-port",
      defaultValue = "9292",
      paramLabel = "PORT",
      description =
          "Port of the broker on 127.0.0.1; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int kafkaPort;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Keep everything here and go on from here after a restart (default: a directory that is"
              + " removed at the end).")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      paramLabel = "N",
      description =
          "Partitions that executions are spread over, 1 to 64; fixed for the life of a data"
              + " directory (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Override
  public Integer call() throws Refusal {
    requireRange("--port", port, 0, 65_535);
    requireRange("--kafka-port", kafkaPort, 0, 65_535);
    requireRange("--partitions", partitions, 1, 64);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    StackSettings settings =
        new StackSettings(
            dataDirectory, port, kafkaPort, partitions, StackSettings.LogLevel.WARNINGS);
    try (Stack stack = Stack.start(settings)) {
      out.println("ready " + stack.endpoint());
      out.flush();
      err.println("export AWS_ENDPOINT_URL_SFN=" + stack.endpoint());
      err.println(
          "Try: ./stepstream run examples/order-fulfilment/machine.asl.json --input"
              + " @examples/order-fulfilment/input.json --endpoint "
              + stack.endpoint());
      err.println("Console: " + stack.endpoint() + "/console");
      err.println("Kafka: " + stack.bootstrapServers() + ". Stop with Ctrl-C.");
      err.flush();
      stack.awaitEnd();
    }
    return ExitCode.SUCCEEDED;
  }

  private void requireRange(String option, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new ParameterException(
          spec.commandLine(),
          option + " is " + value + ", but must be from " + lowest + " to " + highest);
    }
  }
}
