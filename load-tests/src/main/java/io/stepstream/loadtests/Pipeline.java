package io.stepstream.loadtests;

import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What load is put on: a record goes in, and for each one a record comes out on the topic of
 * completions, and perhaps others of what the execution has started itself. Thread safe.
 */
interface Pipeline {

  /** For the progress lines. */
  String name();

  String completionsTopic();

  /** Whether a topic belongs to the pipeline, so that its records count. */
  boolean counts(String topic);

  /** Where its stores keep their files. */
  Path stateDirectory();

  /** The record that starts one execution. */
  ProducerRecord<byte[], byte[]> start(long sequence);

  /** Who brought that execution about. */
  Origin origin(ConsumerRecord<byte[], byte[]> completion);

  enum Origin {
    /** A record of {@link #start}. */
    START,

    /** An execution of this pipeline. */
    EXECUTION,

    /** Whoever shares the topic. */
    OTHER
  }

  /** The sequence number that an execution was started with. */
  long sequence(ConsumerRecord<byte[], byte[]> completion);

  /**
   * Looks at a sample of the completions.
   *
   * @throws BenchFailure if the execution didn't succeed
   */
  void verify(ConsumerRecord<byte[], byte[]> completion);
}
