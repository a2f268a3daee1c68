package io.stepstream.coordinator.queue;

import io.stepstream.schemas.WorkerAnnouncement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The latest announcement of each worker pool, by queue. Thread safe. */
public final class AnnouncedPools {

  private final Map<String, Map<String, TaskQueue.Pool>> byQueue = new ConcurrentHashMap<>();

  public void announced(WorkerAnnouncement announcement) {
    byQueue
        .computeIfAbsent(announcement.getQueue(), _ -> new ConcurrentSkipListMap<>())
        .put(
            announcement.getPool(),
            new TaskQueue.Pool(
                announcement.getPool(),
                List.copyOf(announcement.getHandlers()),
                announcement.getVersion(),
                announcement.getLastSeen()));
  }

  Set<String> queues() {
    return byQueue.keySet();
  }

  List<TaskQueue.Pool> of(String queue) {
    return List.copyOf(byQueue.getOrDefault(queue, Map.of()).values());
  }
}
