package io.stepstream.dev.stack;

import io.quarkus.runtime.Quarkus;
import io.stepstream.coordinator.growth.Growth;
import io.stepstream.dev.DataDirectory;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;

/**
 * Broker, coordinator and worker in this JVM, from {@link #start} to {@link #close}.
 *
 * <p>There can be one per JVM, because a Quarkus application is one. It also stops when the JVM is
 * told to stop. Thread safe.
 */
public final class Stack implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  /** A stop must be over within 10 s; what is left of them is the broker's. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(7);

  private final DataDirectory directory;
  private final EmbeddedBroker broker;
  private final URI endpoint;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final Thread application;
  private boolean closed;

  private Stack(DataDirectory directory, EmbeddedBroker broker, URI endpoint) {
    this.directory = directory;
    this.broker = broker;
    this.endpoint = endpoint;
    this.application = new Thread(this::runApplication, "application");
  }

  /**
   * Starts the stack and returns when the API takes requests.
   *
   * @throws Refusal if a port is in use, the directory can't be used, or a part doesn't start
   */
  public static Stack start(StackSettings settings) throws Refusal {
    if (settings.httpPort() != 0) {
      LoopbackPorts.requireFree(settings.httpPort(), "the API", "--port");
    }
    int httpPort = settings.httpPort() == 0 ? LoopbackPorts.free() : settings.httpPort();
    Path chosen = settings.directory();
    DataDirectory directory =
        chosen == null
            ? DataDirectory.temporary(settings.partitions())
            : DataDirectory.open(chosen, settings.partitions());
    EmbeddedBroker broker;
    try {
      broker =
          EmbeddedBroker.start(BrokerSettings.in(directory.kafka()).withPort(settings.kafkaPort()));
    } catch (Refusal e) {
      closeQuietly(directory);
      throw e;
    }
    if (directory.partitions() < settings.partitions()) {
      try {
        grow(directory, broker, settings.partitions());
      } catch (Refusal e) {
        broker.close();
        closeQuietly(directory);
        throw e;
      }
    }
    Stack stack = new Stack(directory, broker, URI.create("http://" + HOST + ":" + httpPort));
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
    stack.startApplication(settings, httpPort);
    return stack;
  }

  /** Nobody else can be at the directory's executions, so this is the moment to spread new ones. */
  private static void grow(DataDirectory directory, EmbeddedBroker broker, int partitions)
      throws Refusal {
    try (SchemaRegistry registry = SchemaRegistry.bundled();
        Growth growth =
            Growth.of(Map.of("bootstrap.servers", broker.bootstrapServers()), registry)) {
      switch (growth.growTo(partitions)) {
        case Growth.Outcome.Refused(String problem, String remedy) ->
            throw new Refusal(problem, remedy);
        case Growth.Outcome.Grown _ -> directory.grown(partitions);
      }
    } catch (KafkaException | IllegalStateException | IOException e) {
      throw new Refusal(
          "The data directory's partitions can't become %d (%s)"
              .formatted(partitions, e.getMessage()),
          "Try again, or start with --partitions " + directory.partitions(),
          e);
    }
  }

  /** Where the API answers. */
  public URI endpoint() {
    return endpoint;
  }

  /** {@code host:port} of the broker. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Waits until the stack has been told to stop, by a signal or by {@link #close}. */
  public void awaitEnd() {
    ended.handle((exit, failure) -> exit).join();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (application.isAlive()) {
      Quarkus.asyncExit();
      try {
        // Whatever it still does after that: the broker's log is consistent without it.
        application.join(LONGEST_STOP);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    broker.close();
    closeQuietly(directory);
  }

  private void startApplication(StackSettings settings, int httpPort) throws Refusal {
    System.setProperty("stepstream.kafka.bootstrap.servers", broker.bootstrapServers());
    System.setProperty("stepstream.partitions", String.valueOf(settings.partitions()));
    System.setProperty("stepstream.state.dir", directory.state().toString());
    System.setProperty("stepstream.topics.queue-partitions", "4");
    System.setProperty("stepstream.topics.replication-factor", "1");
    System.setProperty("stepstream.topics.min-insync-replicas", "1");
    if (!isConfigured("stepstream.task-tokens.keys")
        && !isConfigured("stepstream.task-tokens.keys-file")) {
      System.setProperty("stepstream.task-tokens.keys-file", taskTokenKeys());
    }
    System.setProperty("quarkus.http.host", HOST);
    System.setProperty("quarkus.http.port", String.valueOf(httpPort));
    if (settings.logLevel() == StackSettings.LogLevel.ERRORS) {
      System.setProperty("quarkus.log.level", "ERROR");
      System.setProperty("quarkus.log.category.\"io.stepstream\".level", "ERROR");
    }
    application.start();
    awaitReady();
  }

  private static boolean isConfigured(String key) {
    String variable = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return System.getProperty(key) != null || System.getenv(variable) != null;
  }

  private String taskTokenKeys() throws Refusal {
    try {
      return directory.taskTokenKeys().toString();
    } catch (IOException e) {
      throw new Refusal(
          "The key of task tokens can't be kept in the data directory",
          "Choose a directory that you may write to with --data-dir",
          e);
    }
  }

  private void runApplication() {
    try {
      Quarkus.run(
          null,
          (exit, failure) -> {
            if (failure == null) {
              ended.complete(exit);
            } else {
              ended.completeExceptionally(failure);
            }
          });
      ended.complete(0);
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  /**
   * Polls the health check, because an application that has started still waits for its partitions.
   */
  private void awaitReady() throws Refusal {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    HttpRequest ready =
        HttpRequest.newBuilder(endpoint.resolve("/q/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      while (System.nanoTime() < deadline) {
        if (ended.isDone()) {
          throw notStarted();
        }
        if (isReady(http, ready)) {
          return;
        }
        LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
      }
    }
    close();
    throw new Refusal(
        "The coordinator wasn't ready after " + LONGEST_START.toSeconds() + " s",
        "Look at the log above, or try again with an empty data directory");
  }

  private static boolean isReady(HttpClient http, HttpRequest ready) {
    try {
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the stack started", e);
    } catch (IOException _) {
      return false;
    }
  }

  private Refusal notStarted() {
    Throwable failure =
        ended.isCompletedExceptionally()
            ? ended.exceptionNow()
            : new IllegalStateException("it ended");
    close();
    return new Refusal(
        "The coordinator didn't start: " + rootMessage(failure),
        "Look at the log above, or try again with an empty data directory",
        failure);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private static void closeQuietly(DataDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException("releasing the lock of the data directory", e);
    }
  }
}
