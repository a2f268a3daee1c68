package io.stepstream.schemas.topic;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What became of an attempt to have topics. */
public sealed interface Provisioning {

  /**
   * All topics are there and fit.
   *
   * @param created the names of those that were missing
   * @param warnings for the log: what works less well than it could
   */
  record Ready(Set<String> created, List<String> warnings) implements Provisioning {
    public Ready {
      created = Set.copyOf(created);
      warnings = List.copyOf(warnings);
    }
  }

  /** Something is wrong that only an operator can mend; starting anyway would corrupt state. */
  record Refused(List<TopicProblem> problems) implements Provisioning {
    public Refused {
      problems = List.copyOf(problems);
    }

    /** All problems, one a line. */
    public String message() {
      return problems.stream()
          .map(problem -> problem.topic() + ": " + problem.message())
          .collect(Collectors.joining("\n"));
    }
  }

  /**
   * @param message what is wrong, why it matters and how to mend it
   */
  record TopicProblem(String topic, String message) {}
}
