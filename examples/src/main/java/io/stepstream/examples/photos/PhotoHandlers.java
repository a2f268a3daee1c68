package io.stepstream.examples.photos;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The function that the photo thumbnails call. */
@Singleton
public final class PhotoHandlers {
  private static final String WHOLE = ".jpg";

  /** Names a thumbnail; a file that was not uploaded to its end has none. */
  @Produces
  @Singleton
  TaskHandler makeThumbnail() {
    return TaskHandler.function(
        "make-thumbnail",
        photo -> {
          String file = photo.path("file").asText();
          if (!file.endsWith(WHOLE)) {
            throw new TaskFailedException("Photos.Incomplete", file + " is not complete");
          }
          String name = file.substring(0, file.length() - WHOLE.length());
          return JsonNodeFactory.instance.objectNode().put("thumbnail", name + "-160" + WHOLE);
        });
  }
}
