package io.stepstream.coordinator.node;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What the brokers must be able to do before a coordinator may work with them. */
final class BrokerFeatures {

  private static final String TRANSACTIONS = "transaction.version";

  /**
   * The epoch of a producer grows with each transaction (KIP-890). Below, the end of one
   * transaction that comes late ends the next one of the same producer, and half of a step is
   * committed.
   */
  private static final int LEAST_TRANSACTIONS = 2;

  private BrokerFeatures() {}

  /**
   * @throws IllegalStateException with what is wrong and how to mend it
   * @throws KafkaException if the cluster doesn't answer
   */
  static void require(Admin admin) throws InterruptedException {
    try {
      Map<String, FinalizedVersionRange> features =
          admin.describeFeatures().featureMetadata().get().finalizedFeatures();
      FinalizedVersionRange transactions = features.get(TRANSACTIONS);
      String unfit = unfit(transactions == null ? null : transactions.maxVersionLevel());
      if (unfit != null) {
        throw new IllegalStateException(unfit);
      }
    } catch (ExecutionException e) {
      throw new KafkaException("The features of the brokers are unknown", e.getCause());
    }
  }

  /**
   * @param transactions the level of {@code transaction.version}; null: the cluster has none
   * @return why a coordinator must not work with such brokers; null: it may
   */
  static @Nullable String unfit(@Nullable Short transactions) {
    return transactions != null && transactions >= LEAST_TRANSACTIONS
        ? null
        : """
        The brokers have %s, and %s=%d or later is needed: before, a transaction can be committed by \
        halves when a request comes late, and steps of executions with it. With brokers of 4.0 or \
        later: kafka-features.sh --bootstrap-server … upgrade --feature %s=%d\
        """
            .formatted(
                transactions == null ? "no " + TRANSACTIONS : TRANSACTIONS + "=" + transactions,
                TRANSACTIONS,
                LEAST_TRANSACTIONS,
                TRANSACTIONS,
                LEAST_TRANSACTIONS);
  }
}
