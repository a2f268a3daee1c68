package io.stepstream.coordinator.node;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts what nodes that died have left open. Until then nobody who reads committed records gets
 * past it, in any partition that it touched; by itself it ends only when the transaction's timeout
 * is over, which must be longer than brokers may be away (ADR 0073).
 *
 * <p>A transaction is abandoned if the process in its id is no member of the group: the offsets of
 * who isn't are refused, so it can't be committed any more. What is open is listed before the
 * members are. The other way round, a process that joins in between would be mistaken for one that
 * is gone.
 */
final class AbandonedTransactions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);

  private static final String PROCESS = "-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})-";

  private final Admin admin;
  private final String group;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofVirtual().name("stepstream-abandoned-transactions").factory());

  /**
   * @param admin stays the caller's
   * @param group the application id of a Kafka Streams application that is exactly once
   */
  AbandonedTransactions(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /** Partitions move, so a member may be gone. Looks soon; never blocks. */
  void look() {
    if (asked.compareAndSet(false, true)) {
      try {
        executor.execute(
            () -> {
              asked.set(false);
              abort();
            });
      } catch (RejectedExecutionException _) {
        // The node stops, and others look.
      }
    }
  }

  private void abort() {
    try {
      Set<String> open = open();
      Set<String> abandoned = open.isEmpty() ? Set.of() : abandoned(group, open, members());
      if (!abandoned.isEmpty()) {
        admin.fenceProducers(abandoned).all().get();
        LOG.warn("Aborted what nodes that are gone have left open: {}", abandoned);
      }
    } catch (ExecutionException | KafkaException e) {
      LOG.warn("What nodes that are gone have left open is there until its timeout", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Set<String> open() throws ExecutionException, InterruptedException {
    return admin
        .listTransactions(
            new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
        .all()
        .get()
        .stream()
        .map(TransactionListing::transactionalId)
        .collect(Collectors.toSet());
  }

  private List<String> members() throws ExecutionException, InterruptedException {
    return admin
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get()
        .members()
        .stream()
        .map(MemberDescription::clientId)
        .toList();
  }

  /**
   * Those of the group's application whose process is no member. None if there is no member or one
   * with a client id of its own, which tells no process: rather a transaction that waits for its
   * timeout than one that is taken from a living node.
   *
   * @param open transactional ids, of Kafka Streams: application, process, number of the thread
   * @param members client ids: application, process, thread
   */
  static Set<String> abandoned(String group, Collection<String> open, Collection<String> members) {
    Pattern member = Pattern.compile(Pattern.quote(group) + PROCESS + "StreamThread-.*");
    Set<String> processes = new HashSet<>();
    for (String clientId : members) {
      Matcher matcher = member.matcher(clientId);
      if (!matcher.matches()) {
        return Set.of();
      }
      processes.add(matcher.group(1));
    }
    if (processes.isEmpty()) {
      return Set.of();
    }
    Pattern transaction = Pattern.compile(Pattern.quote(group) + PROCESS + "\\d+");
    return open.stream()
        .filter(
            id -> {
              Matcher matcher = transaction.matcher(id);
              return matcher.matches() && !processes.contains(matcher.group(1));
            })
        .collect(Collectors.toSet());
  }

  /** Doesn't wait for a look that is under way. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
