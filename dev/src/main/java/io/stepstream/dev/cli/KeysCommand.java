package io.stepstream.dev.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.access.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** API keys: made here, kept as hashes in a file of the node's. */
@Command(
    name = "keys",
    description = "Makes keys for the API.",
    mixinStandardHelpOptions = true,
    subcommands = KeysCommand.Create.class)
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing: create");
  }

  /** Prints the entry for the file on standard output, the key itself on standard error. */
  @Command(
      name = "create",
      description = "Makes an API key.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Standard output has the entry for the apiKeys of stepstream.security.api-keys-file,"
            + " standard error the key, which is shown this once: only its hash is kept."
      })
  static final class Create implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec private CommandSpec spec;

    @Option(
        names = "--user",
        required = true,
        paramLabel = "NAME",
        description = "Whose key it is, as policies name them.")
    private String user;

    @Option(
        names = "--group",
        paramLabel = "NAME",
        description = "A group whose policies hold for the user; may be repeated.")
    private List<String> groups = List.of();

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "Days until the key expires (default: never).")
    private @Nullable Integer days;

    @Override
    public Integer call() {
      if (days != null && days < 1) {
        throw new ParameterException(
            spec.commandLine(), "--days is " + days + ", but must be 1 or more");
      }
      ApiKey key = ApiKey.random();
      ObjectNode entry =
          JSON.createObjectNode().put("id", key.id()).put("sha256", key.hash()).put("user", user);
      if (!groups.isEmpty()) {
        groups.forEach(entry.putArray("groups")::add);
      }
      if (days != null) {
        entry.put(
            "expires",
            Instant.now().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS).toString());
      }
      spec.commandLine().getOut().println(entry);
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().println(key.text());
      return ExitCode.SUCCEEDED;
    }
  }
}
