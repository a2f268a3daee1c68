package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeliveriesTest {

  @ParameterizedTest
  @CsvSource({
    // earlier, count, limit, may run, may be released, exhausted
    "0, 1, 10, true, true, false",
    "0, 4, 10, true, true, false",
    "0, 5, 10, true, false, false",
    "0, 6, 10, false, false, true",
    "0, 3, 5, true, false, false",
    "0, 4, 5, false, false, false",
    "3, 1, 5, true, true, false",
    "3, 2, 5, true, false, false",
    "3, 3, 5, false, false, true",
    "0, 1, 2, true, false, false",
    "0, 2, 2, false, false, false",
    "5, 1, 10, false, false, true",
    "0, 1, 2147483647, true, true, false"
  })
  void shouldSayWhatMayBecomeOfAnOrder(
      int earlier, int count, int limit, boolean run, boolean released, boolean exhausted) {
    var deliveries = new Deliveries(earlier, count, limit);

    assertThat(deliveries.mayRun()).isEqualTo(run);
    assertThat(deliveries.mayBeReleased()).isEqualTo(released);
    assertThat(deliveries.areExhausted()).isEqualTo(exhausted);
  }

  @Test
  void shouldTakeAHeaderThatIsNoNumberForNone() {
    for (String text : new String[] {"", "x", "-3", "99999999999", "1.5"}) {
      var delivery = new FakeDelivery(new byte[0], 1, 10);
      delivery.order().headers().add(Deliveries.EARLIER, text.getBytes(StandardCharsets.UTF_8));
      assertThat(Deliveries.of(delivery).total()).as(text).isEqualTo(1);
    }
    var nothing = new FakeDelivery(new byte[0], 1, 10);
    nothing.order().headers().add(Deliveries.EARLIER, null);
    assertThat(Deliveries.of(nothing).total()).isEqualTo(1);
  }
}
