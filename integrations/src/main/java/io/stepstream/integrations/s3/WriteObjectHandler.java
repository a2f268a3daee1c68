package io.stepstream.integrations.s3;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.items.ObjectStore;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/** Writes an object with a distributed Map's results. Writing it twice changes nothing. */
@Singleton
public final class WriteObjectHandler implements TaskHandler {

  private final ObjectStore store;
  private final Attempts attempts;

  @Inject
  public WriteObjectHandler(ObjectStore store) {
    this(store, new Attempts(Thread::sleep));
  }

  WriteObjectHandler(ObjectStore store, Attempts attempts) {
    this.store = store;
    this.attempts = attempts;
  }

  @Override
  public List<String> serves() {
    return List.of(ObjectWrite.RESOURCE);
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context) throws InterruptedException {
    return attempts.run(ObjectWrite.ERROR, () -> written(ObjectWrite.decode(input)).encode());
  }

  private ObjectWrite.Written written(ObjectWrite write) throws IOException {
    store.put(write.arguments(), write.body());
    return new ObjectWrite.Written(
        String.valueOf(write.arguments().get("Key")), write.body().length);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context)
      throws IOException, InterruptedException {
    return JsonText.read(handleBytes(JsonText.write(input), context));
  }
}
