package io.stepstream.loadtests;

import org.jspecify.annotations.Nullable;

/** Runs a Map over and over in the background, until it is closed and the last one has ended. */
final class MapLoop implements AutoCloseable {

  private final EnginePipeline pipeline;
  private final LoadGenerator generator;
  private final byte[] input;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable RuntimeException failure;

  private MapLoop(EnginePipeline pipeline, LoadGenerator generator, int items) {
    this.pipeline = pipeline;
    this.generator = generator;
    this.input = GeneratedItems.input(items);
    this.thread = Thread.ofPlatform().daemon().name("bench-map-loop").unstarted(this::loop);
  }

  /**
   * @param generator which nobody else uses until this is closed
   */
  static MapLoop start(EnginePipeline pipeline, LoadGenerator generator, int items) {
    MapLoop loop = new MapLoop(pipeline, generator, items);
    loop.thread.start();
    return loop;
  }

  private void loop() {
    try {
      while (!closing) {
        generator.alone(sequence -> pipeline.start(sequence, input));
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @throws BenchFailure if a Map has failed
   */
  void check() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
