package io.stepstream.dev.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.doctor.Doctor;
import io.stepstream.dev.doctor.Finding;
import io.stepstream.dev.doctor.Finding.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what Stepstream stands on, and at what runs. */
@Command(
    name = "doctor",
    description =
        "Checks the JDK and the disk, the brokers, their features, topics, rights and clock, and"
            + " the coordinators, queues, executions and dead letters.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With neither --bootstrap-servers nor --endpoint an embedded broker is started for the"
          + " check.",
      "Exit codes: 0 all is well, 1 there are warnings or parts that couldn't be looked at, 2 there"
          + " are faults. Each finding says how to mend it and names the page in docs/runbooks."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Spec private CommandSpec spec;

  @Mixin private InstallationOptions options;

  @Option(names = "--json", description = "Findings as JSON.")
  private boolean json;

  @Override
  public Integer call() throws Refusal, IOException, InterruptedException {
    List<Finding> findings =
        options.nameNothing() ? embedded() : Doctor.examine(options.installation());
    print(findings);
    Severity worst =
        findings.stream().map(Finding::severity).max(Severity::compareTo).orElse(Severity.OK);
    return switch (worst) {
      case OK -> ExitCode.SUCCEEDED;
      case UNKNOWN, WARNING -> ExitCode.FAILED;
      case FAULT -> ExitCode.REFUSED;
    };
  }

  private List<Finding> embedded() throws Refusal, IOException, InterruptedException {
    try (ScratchDirectory scratch = ScratchDirectory.create();
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(scratch.path()))) {
      return Doctor.examine(options.installation(broker.bootstrapServers()));
    }
  }

  private void print(List<Finding> findings) throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(Map.of("findings", findings)));
      return;
    }
    for (Finding finding : findings) {
      out.printf(
          "%-7s %-12s %s: %s%n",
          finding.severity().name().toLowerCase(Locale.ROOT),
          finding.subject(),
          finding.where(),
          finding.what());
      if (finding.detail() != null) {
        out.printf("%20s it said: %s%n", "", finding.detail());
      }
      if (finding.mend() != null) {
        out.printf("%20s mend: %s%n", "", finding.mend());
      }
      if (finding.runbook() != null) {
        out.printf("%20s see %s%n", "", finding.runbook().page());
      }
    }
  }
}
