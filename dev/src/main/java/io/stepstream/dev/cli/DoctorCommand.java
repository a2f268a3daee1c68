package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.cli.Diagnosis.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what Stepstream stands on. */
@Command(
    name = "doctor",
    description =
        "Checks the JDK, the broker and its features, the topics, the disk and the clock.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description =
          "The Kafka cluster to look at (default: an embedded broker, started for the check).")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The directory whose disk is looked at (default: the temporary directory).")
  private @Nullable Path dataDirectory;

  @Override
  public Integer call() throws Refusal, IOException {
    Path directory =
        dataDirectory == null ? Path.of(System.getProperty("java.io.tmpdir")) : dataDirectory;
    List<Finding> findings = new ArrayList<>();
    findings.add(Diagnosis.jdk());
    findings.add(Diagnosis.disk(directory));
    if (bootstrapServers != null) {
      findings.addAll(Diagnosis.cluster(bootstrapServers));
    } else {
      findings.addAll(embedded());
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : findings) {
      out.printf("%-7s %-10s %s%n", finding.verdict().label(), finding.subject(), finding.text());
    }
    boolean fit = findings.stream().noneMatch(f -> f.verdict() == Finding.Verdict.FAULT);
    return fit ? ExitCode.SUCCEEDED : ExitCode.REFUSED;
  }

  private static List<Finding> embedded() throws Refusal, IOException {
    try (ScratchDirectory scratch = ScratchDirectory.create();
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(scratch.path()))) {
      return Diagnosis.cluster(broker.bootstrapServers());
    }
  }
}
