package io.stepstream.dev.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, which is killed and replaced by another. */
public final class WorkerProcess implements AutoCloseable {

  /** The queue that it serves. */
  public static final String QUEUE = "killed";

  /** The function that it serves: it answers by its input. */
  public static final String FUNCTION = "echo";

  /** The function that no process survives, and that says first which delivery it is. */
  public static final String FATAL = "halt";

  /** The function that takes as many milliseconds as its input says, and says when it begins. */
  public static final String NAP = "nap";

  /** The function that takes a minute, and says so when it is interrupted. */
  public static final String SLOW = "sleep";

  private final Path directory;
  private final String bootstrapServers;
  private final int permits;
  private final Duration drain;
  private Process process;

  private WorkerProcess(Path directory, String bootstrapServers, int permits, Duration drain) {
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
    this.permits = permits;
    this.drain = drain;
  }

  static void main(String[] args) {
    StepstreamWorker.builder()
        .bootstrapServers(args[0])
        .queues(QUEUE)
        .permits(Integer.parseInt(args[1]))
        .handler(
            NAP,
            (JsonNode input, TaskContext _) -> {
              System.out.println("begun");
              Thread.sleep(input.asLong());
              return input;
            })
        .function(FUNCTION, (JsonNode input) -> input)
        .handler(
            SLOW,
            (JsonNode input, TaskContext _) -> {
              System.out.println("begun");
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException _) {
                System.out.println("interrupted");
              }
              return input;
            })
        .handler(
            FATAL,
            (JsonNode input, TaskContext context) -> {
              System.out.println("delivery " + context.deliveryCount());
              System.out.flush();
              Runtime.getRuntime().halt(137);
              return input;
            })
        .build()
        .run(Duration.parse(args[2]));
  }

  public static WorkerProcess start(Path directory, String bootstrapServers) throws IOException {
    return start(directory, bootstrapServers, 256, Duration.ofSeconds(20));
  }

  /**
   * @param permits how many handlers run at the same time
   * @param drain how long they may take when the process is told to stop
   */
  public static WorkerProcess start(
      Path directory, String bootstrapServers, int permits, Duration drain) throws IOException {
    WorkerProcess worker = new WorkerProcess(directory, bootstrapServers, permits, drain);
    worker.start();
    return worker;
  }

  /** Starts another one in place of one that was killed. */
  public void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName(),
                bootstrapServers,
                String.valueOf(permits),
                drain.toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("worker.txt").toFile()))
            .start();
  }

  /** What it has printed so far. */
  public String out() throws IOException {
    return Files.readString(directory.resolve("worker.txt"));
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * SIGTERM, and returns when the process is gone.
   *
   * @return its exit code
   */
  public int terminate(Duration longest) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the worker still runs after " + longest);
    }
    return process.exitValue();
  }

  /** SIGKILL, and returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the worker outlives its kill");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
