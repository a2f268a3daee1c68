package io.stepstream.coordinator.shell;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A record of a step that is encoded and not yet forwarded: it may still turn out to be too large
 * for its topic, and then nothing of the step is done.
 *
 * @param headers null: none
 */
record Outgoing(String sink, Object key, byte[] value, @Nullable Headers headers) {

  void forward(ProcessorContext<Object, byte[]> context, long nowMillis) {
    context.forward(new Record<>(key, value, nowMillis, headers), sink);
  }
}
