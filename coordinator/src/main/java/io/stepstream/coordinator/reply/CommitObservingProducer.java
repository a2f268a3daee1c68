package io.stepstream.coordinator.reply;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer that reports who sends, flush, commit and abort, and does not wait where the commit
 * waits anyway; all else it only passes on.
 */
final class CommitObservingProducer implements Producer<byte[], byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(CommitObservingProducer.class);

  private final Producer<byte[], byte[]> delegate;
  private final CommitPacing pacing;
  private final Runnable flush;
  private final AtomicBoolean sends = new AtomicBoolean();

  CommitObservingProducer(Producer<byte[], byte[]> delegate, CommitPacing pacing) {
    this.delegate = delegate;
    this.pacing = pacing;
    this.flush = delegate::flush;
  }

  /**
   * In a transaction does not wait. Kafka Streams flushes behind each of a thread's tasks, so the
   * brokers' answers would be waited for as often as there are partitions; the commit that follows
   * waits once for all of them, and fails if a record could not be sent (ADR 0071). What lingers is
   * sent meanwhile, or it would leave only when the offsets' answer is there: a round trip later
   * (ADR 0072).
   */
  @Override
  public void flush() {
    if (pacing.isExactlyOnce()) {
      pacing.ofThisThread().commitStarted(System.nanoTime());
      sendMeanwhile();
    } else {
      delegate.flush();
    }
  }

  /** What is sent while a flush is under way doesn't linger either, so one at a time is enough. */
  private void sendMeanwhile() {
    if (sends.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("send-before-commit")
          .start(
              () -> {
                try {
                  delegate.flush();
                } catch (KafkaException e) {
                  LOG.debug("the commit will tell", e);
                } finally {
                  sends.set(false);
                }
              });
    }
  }

  @Override
  public void commitTransaction() {
    try {
      delegate.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      pacing.transactions().fenced();
      throw e;
    } catch (KafkaException e) {
      pacing.transactions().failed();
      throw e;
    }
    pacing.transactions().committed(pacing.ofThisThread().committed(System.nanoTime()));
  }

  @Override
  public void abortTransaction() {
    pacing.ofThisThread().aborted();
    pacing.transactions().aborted();
    delegate.abortTransaction();
  }

  @Override
  public void close() {
    pacing.ofThisThread().aborted();
    delegate.close();
  }

  @Override
  public void close(Duration timeout) {
    pacing.ofThisThread().aborted();
    delegate.close(timeout);
  }

  @Override
  public void initTransactions() {
    delegate.initTransactions();
  }

  @Override
  public void beginTransaction() {
    delegate.beginTransaction();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    delegate.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return delegate.send(record);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    pacing.ofThisThread().sendsBy(flush);
    return delegate.send(record, callback);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return delegate.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return delegate.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return delegate.clientInstanceId(timeout);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    delegate.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    delegate.unregisterMetricFromSubscription(metric);
  }
}
