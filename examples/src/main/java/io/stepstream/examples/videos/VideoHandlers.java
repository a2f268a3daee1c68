package io.stepstream.examples.videos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;

/** The function that the video encoding calls. */
@Singleton
public final class VideoHandlers {
  private static final Duration PER_FRAME = Duration.ofMillis(500);

  /** How long an encoder hangs that hangs; longer than the state is patient. */
  private static final Duration HANGS = Duration.ofSeconds(20);

  /** Encodes frame by frame and tells so after each; from the first call on, only calls count. */
  @Produces
  @Singleton
  TaskHandler encodeVideo() {
    return TaskHandler.named("encode-video", VideoHandlers::encode);
  }

  private static JsonNode encode(JsonNode request, TaskContext context)
      throws InterruptedException {
    int frames = request.path("frames").asInt();
    int stuckAt = request.path("stuckAt").asInt(-1);
    for (int frame = 0; frame < frames; frame++) {
      Thread.sleep(frame == stuckAt ? HANGS : PER_FRAME);
      context.heartbeat();
    }
    String title = request.path("title").asText();
    return JsonNodeFactory.instance
        .objectNode()
        .put("title", title)
        .put("file", title.toLowerCase(Locale.ROOT) + ".mp4")
        .put("frames", frames);
  }
}
