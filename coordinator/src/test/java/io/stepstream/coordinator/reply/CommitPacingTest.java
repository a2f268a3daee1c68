package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitPacingTest {

  private final CommitPacing pacing = new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE);
  private final MockProducer<byte[], byte[]> delegate =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Producer<byte[], byte[]> producer = new CommitObservingProducer(delegate, pacing);
  private final List<String> left = new ArrayList<>();

  @BeforeEach
  void beginTransaction() {
    producer.initTransactions();
    producer.beginTransaction();
  }

  @Test
  void shouldLetRepliesLeaveAfterTheCommitAndNotBefore() {
    pacing.reply(
        () -> left.add(delegate.transactionCommitted() ? "after the commit" : "before the commit"));
    producer.flush();
    assertThat(left).isEmpty();

    producer.commitTransaction();
    assertThat(left).containsExactly("after the commit");

    producer.beginTransaction();
    producer.commitTransaction();
    assertThat(left).as("each leaves once").hasSize(1);
  }

  @Test
  void shouldDropRepliesOfATransactionThatIsUndone() {
    pacing.reply(() -> left.add("aborted"));
    producer.abortTransaction();
    producer.beginTransaction();
    producer.commitTransaction();
    assertThat(left).isEmpty();

    pacing.reply(() -> left.add("closed"));
    producer.close(Duration.ZERO);
    pacing.ofThisThread().committed(System.nanoTime());
    assertThat(left).isEmpty();
  }

  @Test
  void shouldKeepRepliesBackWhenTheCommitFails() {
    pacing.reply(() -> left.add("never"));
    delegate.commitTransactionException = new KafkaException("the broker is away");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
    assertThat(left).isEmpty();
  }

  /** Counts itself when it stands, and forgets itself when it is undone. */
  private final class Noted implements Tentative {
    @Override
    public void committed() {
      left.add("committed");
    }

    @Override
    public void aborted() {
      left.add("aborted");
    }
  }

  @Test
  void shouldTellWhatWasDoneWhetherItStands() {
    pacing.await(new Noted());
    producer.flush();
    assertThat(left).isEmpty();
    producer.commitTransaction();
    assertThat(left).containsExactly("committed");

    producer.beginTransaction();
    pacing.await(new Noted());
    producer.abortTransaction();
    producer.beginTransaction();
    producer.commitTransaction();
    assertThat(left).as("each once").containsExactly("committed", "aborted");
    pacing.await(new Noted());
    producer.close(Duration.ZERO);
    assertThat(left).containsExactly("committed", "aborted", "aborted");

    left.clear();
    new CommitPacing(CommitPacing.Settings.AT_LEAST_ONCE).await(new Noted());
    assertThat(left).as("without transactions").containsExactly("committed");
  }

  @Test
  void shouldCountWhatBecomesOfTransactions() {
    producer.flush();
    producer.commitTransaction();
    producer.beginTransaction();
    producer.abortTransaction();
    producer.beginTransaction();
    delegate.commitTransactionException = new KafkaException("the broker is away");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
    delegate.commitTransactionException = new ProducerFencedException("another has it");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
    delegate.commitTransactionException = new InvalidProducerEpochException("another has it");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);

    TransactionCounters transactions = pacing.transactions();
    assertThat(transactions.commits()).isEqualTo(1);
    assertThat(transactions.commitNanos()).isPositive();
    assertThat(transactions.aborts()).isEqualTo(1);
    assertThat(transactions.failures()).isEqualTo(1);
    assertThat(transactions.fences()).isEqualTo(2);
  }

  @Test
  void shouldLetAnotherThreadsRepliesWait() throws InterruptedException {
    pacing.reply(() -> left.add("mine"));
    Thread other = new Thread(producer::commitTransaction);
    other.start();
    other.join();
    assertThat(left).isEmpty();
  }

  @Test
  void shouldReplyAtOnceWhereNothingCanBeUndone() {
    CommitPacing express = new CommitPacing(CommitPacing.Settings.AT_LEAST_ONCE);
    MockProcessorContext<Object, byte[]> context = new MockProcessorContext<>();
    express.reply(() -> left.add("at once"));
    assertThat(left).containsExactly("at once");
    express.stepped(context);
    assertThat(context.committed()).as("no commit is asked for").isFalse();
  }

  @Test
  void shouldAskForACommitOfAStepAtIdleAtOnce() {
    MockProcessorContext<Object, byte[]> context = new MockProcessorContext<>();
    pacing.requestIfDue(context);
    assertThat(context.committed()).as("nothing to commit").isFalse();
    pacing.stepped(context);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldWidenTheGapWithTheCostOfCommitsUpToABound() {
    ThreadCommits commits = new ThreadCommits(CommitPacing.Settings.EXACTLY_ONCE);
    long ms = 1_000_000;
    long now = 1_000 * ms;
    // a first commit that cost 5 ms
    commits.stepped();
    commits.commitStarted(now);
    commits.committed(now + 5 * ms);
    now += 5 * ms;
    commits.stepped();
    assertThat(commits.due(now + 14 * ms)).isFalse();
    assertThat(commits.due(now + 15 * ms)).as("three times the cost").isTrue();
    // commits that become slow: never longer than the maximal gap
    for (int i = 0; i < 20; i++) {
      commits.commitStarted(now);
      now += 400 * ms;
      commits.committed(now);
    }
    commits.stepped();
    assertThat(commits.due(now + 49 * ms)).isFalse();
    assertThat(commits.due(now + 50 * ms)).isTrue();
    // and cheap again: never shorter than the minimal gap
    for (int i = 0; i < 40; i++) {
      commits.commitStarted(now);
      commits.committed(now);
    }
    commits.stepped();
    assertThat(commits.due(now + 2 * ms)).isFalse();
    assertThat(commits.due(now + 3 * ms)).isTrue();
    commits.committed(now + 3 * ms);
    assertThat(commits.due(now + 999 * ms)).as("nothing has changed since").isFalse();
  }
}
