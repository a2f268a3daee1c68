package io.stepstream.loadtests;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** How far partitions have been written. */
record EndOffsets(Map<TopicPartition, Long> ends) {

  EndOffsets {
    ends = Map.copyOf(ends);
  }

  /** An offset is a record or a transaction's marker. */
  long total() {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Of the partitions with that number only. */
  EndOffsets ofPartition(int partition) {
    return new EndOffsets(
        ends.entrySet().stream()
            .filter(end -> end.getKey().partition() == partition)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
