package io.stepstream.dev.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
final class KafkaFixtureTest {

  @Test
  void shouldOfferTransactionsOfVersion2AndShareGroups(KafkaFixture kafka) throws Exception {
    Map<String, FinalizedVersionRange> features =
        kafka.admin().describeFeatures().featureMetadata().get().finalizedFeatures();

    assertThat(features.get("transaction.version").maxVersionLevel())
        .isGreaterThanOrEqualTo((short) 2);
    assertThat(features.get("share.version").maxVersionLevel()).isGreaterThanOrEqualTo((short) 1);
  }

  @Test
  void shouldGiveEachTopicANameOfItsOwn(KafkaFixture kafka) throws Exception {
    String first = kafka.createTopic("orders", 2);
    String second = kafka.createTopic("orders", 2);

    assertThat(kafka.admin().listTopics().names().get()).contains(first, second);
    assertThat(first).isNotEqualTo(second);
  }
}
