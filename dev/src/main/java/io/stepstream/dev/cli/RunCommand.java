package io.stepstream.dev.cli;

import io.stepstream.asl.validate.MachineType;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.stack.Stack;
import io.stepstream.dev.stack.StackSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one execution and prints its output. */
@Command(
    name = "run",
    description = "Runs a state machine once and prints its output.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Standard output has the output JSON, standard error the progress.",
      "Exit code: 0 succeeded; 1 failed, timed out or aborted (the last line of standard error is"
          + " {\"error\":…,\"cause\":…}); 2 usage or invalid definition."
    })
final class RunCommand implements Callable<Integer> {
  private static final int PARTITIONS = 2;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The definition: JSON, or YAML (.yaml, .yml).")
  private Path file;

  @Option(
      names = "--input",
      defaultValue = "{}",
      paramLabel = "JSON|@FILE|-",
      description = "The execution's input: JSON, a file, or - for standard input (default: {}).")
  private String input;

  @Option(
      names = "--type",
      defaultValue = "STANDARD",
      paramLabel = "STANDARD|EXPRESS",
      description = "The state machine's type (default: ${DEFAULT-VALUE}).")
  private MachineType type;

  @Option(
      names = "--name",
      paramLabel = "N",
      description = "The execution's name (default: a random one).")
  private @Nullable String name;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "Use the server there, with the API key in STEPSTREAM_API_KEY if it asks for one"
              + " (default: an embedded one, in a temporary directory).")
  private @Nullable String endpoint;

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    DefinitionFile definition = DefinitionFile.read(file, type);
    if (!definition.isValid()) {
      definition.problems().forEach(err::println);
      return ExitCode.REFUSED;
    }
    String json = JsonInput.read(input, System.in);
    ExecutionRun.Request request = new ExecutionRun.Request(definition, type, name, json);
    ExecutionRun.Outcome outcome;
    if (endpoint != null) {
      outcome = run(request, server(endpoint), null);
    } else {
      err.println("stepstream: starting an embedded broker, coordinator and worker");
      err.flush();
      StackSettings settings =
          new StackSettings(null, 0, 0, PARTITIONS, StackSettings.LogLevel.ERRORS);
      try (Stack stack = Stack.start(settings)) {
        outcome = run(request, stack.endpoint(), stack.bootstrapServers());
      }
    }
    return switch (outcome) {
      case ExecutionRun.Succeeded _ -> ExitCode.SUCCEEDED;
      case ExecutionRun.Failed failed -> {
        // The last line, also after what the stop of the stack may have logged.
        err.println(failed.json());
        yield ExitCode.FAILED;
      }
    };
  }

  private ExecutionRun.Outcome run(
      ExecutionRun.Request request, URI server, @Nullable String bootstrapServers) throws Refusal {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (StepFunctionsClient client =
        new StepFunctionsClient(server, System.getenv("STEPSTREAM_API_KEY"))) {
      ExecutionRun.Outcome outcome =
          new ExecutionRun(client, server, bootstrapServers, err).run(request);
      if (outcome instanceof ExecutionRun.Succeeded(String output)) {
        out.println(output);
        out.flush();
      }
      return outcome;
    }
  }

  private URI server(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Refused below like any other text that isn't a URL.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--endpoint is '" + url + "', but must be a URL such as http://127.0.0.1:8333");
  }
}
