package io.stepstream.integrations.s3;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectStore;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/** Reads a page of a distributed Map's items. */
@Singleton
public final class ReadItemsHandler implements TaskHandler, AutoCloseable {

  /** Each may hold a connection, and of a Parquet file some pages. */
  private static final int MOST_OPEN = 64;

  private final OpenSources sources;
  private final Attempts attempts;

  @Inject
  public ReadItemsHandler(ObjectStore store) {
    this(new OpenSources(store, MOST_OPEN, System::nanoTime), new Attempts(Thread::sleep));
  }

  ReadItemsHandler(OpenSources sources, Attempts attempts) {
    this.sources = sources;
    this.attempts = attempts;
  }

  @Override
  public List<String> serves() {
    return List.of(ItemRequest.RESOURCE);
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context) throws InterruptedException {
    return attempts.run(
        ItemRequest.ERROR, () -> sources.read(visit(context), ItemRequest.decode(input)).encode());
  }

  /** The visit of a state, whichever attempt: the last part of the key tells attempts apart. */
  private static String visit(TaskContext context) {
    String attempt = context.idempotencyKey();
    int end = attempt.lastIndexOf('#');
    return end < 0 ? attempt : attempt.substring(0, end);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context)
      throws IOException, InterruptedException {
    return JsonText.read(handleBytes(JsonText.write(input), context));
  }

  @Override
  @PreDestroy
  public void close() {
    sources.close();
  }
}
