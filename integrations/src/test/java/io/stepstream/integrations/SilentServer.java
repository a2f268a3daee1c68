package io.stepstream.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A server on loopback that takes requests and answers none. */
public final class SilentServer implements AutoCloseable {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final HttpStub stub =
      new HttpStub(
          (_, _) -> {
            asked.countDown();
            await(over);
          });

  public SilentServer() throws IOException {}

  public URI endpoint() {
    return stub.endpoint();
  }

  /** Interrupts a call of this server as the worker does that of a handler. */
  public void assertThatAnInterruptEnds(Callable<?> call) throws InterruptedException {
    FutureTask<?> task = new FutureTask<>(call);
    Thread thread = Thread.ofVirtual().start(task);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean _ = latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    stub.close();
  }
}
