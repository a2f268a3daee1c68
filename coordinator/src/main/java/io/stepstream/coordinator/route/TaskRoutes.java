package io.stepstream.coordinator.route;

import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.topic.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The routing table: the most specific rule first. A function which a worker pool has announced
 * goes to that pool's queue, else a resource to the queue of the pool that has announced it or the
 * longest beginning of it, and everything else to the default queue. Routes outlive the workers:
 * orders wait in the topic until one is back. Thread safe.
 */
public final class TaskRoutes {

  /** Served by the worker application. */
  public static final String DEFAULT_QUEUE = "lambda";

  /** How a state waits for its task says nothing of who carries it out. */
  private static final String FOR_TOKEN = ".waitForTaskToken";

  private final Map<String, String> queueByHandler = new ConcurrentHashMap<>();
  private final Map<String, String> queueByBeginning = new ConcurrentHashMap<>();

  /**
   * @param function the name of the function that the resource addresses; null: it addresses none
   */
  public String queueOf(@Nullable String function, String resource) {
    String queue = function == null ? null : queueByHandler.get(function);
    return queue == null ? queueOfResource(resource) : queue;
  }

  private String queueOfResource(String resource) {
    String target =
        resource.endsWith(FOR_TOKEN)
            ? resource.substring(0, resource.length() - FOR_TOKEN.length())
            : resource;
    String exact = queueByHandler.get(target);
    if (exact != null) {
      return exact;
    }
    String queue = DEFAULT_QUEUE;
    int longest = -1;
    for (Map.Entry<String, String> route : queueByBeginning.entrySet()) {
      String beginning = route.getKey();
      if (beginning.length() > longest && target.startsWith(beginning)) {
        longest = beginning.length();
        queue = route.getValue();
      }
    }
    return queue;
  }

  /**
   * The latest announcement of a handler wins. A worker announces its handlers on each of its
   * queues; the one of distributed Maps is no place for them, since a page of items would wait
   * behind a task.
   */
  public void announced(WorkerAnnouncement announcement) {
    String queue = announcement.getQueue();
    if (queue.equals(Topics.STORAGE_QUEUE)) {
      return;
    }
    for (String handler : announcement.getHandlers()) {
      if (handler.endsWith("*")) {
        queueByBeginning.put(handler.substring(0, handler.length() - 1), queue);
      } else {
        queueByHandler.put(handler, queue);
      }
    }
  }
}
