package io.stepstream.coordinator.route;

import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.topic.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The routing table: the most specific rule first. A function which a worker pool has announced
 * goes to that pool's queue; everything else to the queue of its integration. Routes outlive the
 * workers: orders wait in the topic until one is back. Thread safe.
 */
public final class TaskRoutes {

  /** Served by the worker application. */
  public static final String DEFAULT_QUEUE = "lambda";

  private final Map<String, String> queueByFunction = new ConcurrentHashMap<>();

  public String queueOf(@Nullable String function) {
    return function == null ? DEFAULT_QUEUE : queueByFunction.getOrDefault(function, DEFAULT_QUEUE);
  }

  /**
   * The latest announcement of a handler wins. A worker announces its functions on each of its
   * queues; the one of distributed Maps is no place for them, since a page of items would wait
   * behind a task.
   */
  public void announced(WorkerAnnouncement announcement) {
    if (announcement.getQueue().equals(Topics.STORAGE_QUEUE)) {
      return;
    }
    announcement
        .getHandlers()
        .forEach(handler -> queueByFunction.put(handler, announcement.getQueue()));
  }
}
