package io.stepstream.coordinator.trigger;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What can be done with the records of a trigger. */
interface Treatment {

  /**
   * @throws io.stepstream.schemas.registry.SchemaRegistryException if the record can't be read now
   */
  RecordVerdict judge(ConsumerRecord<byte[], byte[]> record);

  /**
   * Never completes exceptionally.
   *
   * @return empty: there is no room for it now
   */
  Optional<CompletableFuture<StartResult>> start(
      ConsumerRecord<byte[], byte[]> record, RecordVerdict.Start start);

  /** Puts the record aside; completes when that is durable, exceptionally if it isn't. */
  CompletableFuture<Void> bury(ConsumerRecord<byte[], byte[]> record, String reason);
}
