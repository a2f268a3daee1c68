package io.stepstream.loadtests;

import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What load is put on: a record goes in, and for each one a record comes out on the topic of
 * completions. Thread safe.
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

  /**
   * Whether that execution was started by a record of {@link #start}, and not by who shares the
   * topic.
   */
  boolean started(ConsumerRecord<byte[], byte[]> completion);

  /** The items whose results are written, repeated ones too, of all Maps that have been run. */
  long itemsDone();

  /** The sequence number that an execution was started with. */
  long sequence(ConsumerRecord<byte[], byte[]> completion);

  /**
   * Looks at a sample of the completions.
   *
   * @throws BenchFailure if the execution didn't succeed
   */
  void verify(ConsumerRecord<byte[], byte[]> completion);
}
