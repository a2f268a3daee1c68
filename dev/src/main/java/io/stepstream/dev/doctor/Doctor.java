package io.stepstream.dev.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at a machine, a Kafka cluster and coordinators, all at the same time. */
public final class Doctor {

  /** A look whose clients give up after ten seconds, and again. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Doctor() {}

  /** All findings, in the order of what is looked at. Takes half a minute at most. */
  public static List<Finding> examine(Installation installation) throws InterruptedException {
    List<Examination> examinations = new ArrayList<>();
    examinations.add(new MachineExamination(installation).examination());
    try (KafkaExamination kafka = new KafkaExamination(installation);
        ApiExamination api = new ApiExamination(installation)) {
      examinations.addAll(kafka.examinations());
      examinations.addAll(api.examinations());
      return all(examinations, LONGEST);
    }
  }

  /**
   * @param longest for all of them together
   */
  static List<Finding> all(List<Examination> examinations, Duration longest)
      throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    Map<Examination, Future<List<Finding>>> looks = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      for (Examination examination : examinations) {
        looks.put(examination, threads.submit(examination.look()::findings));
      }
      for (Map.Entry<Examination, Future<List<Finding>>> look : looks.entrySet()) {
        findings.addAll(outcome(look.getKey(), look.getValue(), deadline));
      }
    } finally {
      // Not close(): whatever hangs may go on hanging without us.
      threads.shutdownNow();
    }
    return List.copyOf(findings);
  }

  private static List<Finding> outcome(
      Examination examination, Future<List<Finding>> look, long deadline)
      throws InterruptedException {
    String subject = examination.subject();
    try {
      return look.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return List.of(Finding.unknown(subject, subject, "there was no answer in time", null));
    } catch (ExecutionException e) {
      Throwable root = root(e);
      return List.of(
          Finding.unknown(
              subject,
              subject,
              "it can't be looked at (" + root.getClass().getSimpleName() + ")",
              root.getMessage()));
    }
  }

  /** Kafka's clients wrap what failed once, and the thread that waited for them once more. */
  static Throwable root(ExecutionException failure) {
    Throwable root = failure;
    while (root instanceof ExecutionException && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
