package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker process with the functions of the workload. */
final class WorkerMember extends Member {

  private final String bootstrapServers;
  private final List<String> endpoints;
  private final Path ledger;
  private final Path readiness;

  /**
   * @param endpoints of the API, for those who end tasks by their tokens
   */
  WorkerMember(String name, Path scratch, String bootstrapServers, List<String> endpoints) {
    super(name, scratch.resolve(name + ".log"));
    this.bootstrapServers = bootstrapServers;
    this.endpoints = endpoints;
    this.ledger = scratch.resolve(name + ".ledger");
    this.readiness = scratch.resolve(name + ".ready");
  }

  /** Its book: what it was asked to do, of all its lives. */
  Path ledger() {
    return ledger;
  }

  @Override
  List<String> command() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Worker.class.getName(), bootstrapServers, ledger.toString(), readiness.toString()));
    arguments.addAll(endpoints);
    return JavaCommand.of("128m", JavaCommand.ownClassPath(), arguments);
  }

  /** Of this life: the file has the pid of who is ready. */
  @Override
  boolean isReady() {
    try {
      return Files.exists(readiness)
          && Files.readString(readiness, StandardCharsets.UTF_8).equals(String.valueOf(pid()));
    } catch (IOException _) {
      return false;
    }
  }
}
