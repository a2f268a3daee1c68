package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BrokerFeaturesTest {

  @Test
  void shouldTakeBrokersWhoseTransactionsHaveEpochsOfTheirOwn() {
    assertThat(BrokerFeatures.unfit((short) 2)).isNull();
    assertThat(BrokerFeatures.unfit((short) 3)).isNull();
  }

  @Test
  void shouldRefuseOthersAndSayHowToMendIt() {
    assertThat(BrokerFeatures.unfit((short) 1))
        .startsWith("The brokers have transaction.version=1,")
        .endsWith("upgrade --feature transaction.version=2");
    assertThat(BrokerFeatures.unfit(null)).startsWith("The brokers have no transaction.version,");
  }
}
