package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FaultsTest {

  @Test
  void shouldHaveAnIdEachAndATitle() {
    List<Fault> all = Fault.all(null, Soak.BRIEF);
    assertThat(all).extracting(Fault::id).doesNotHaveDuplicates().isSorted();
    assertThat(all)
        .allSatisfy(
            fault -> {
              assertThat(fault.id()).matches("F-(0[1-9]|[12][0-9]|30)");
              assertThat(fault.title()).isNotBlank();
            });
  }

  @Test
  void shouldCoverMostOfTheCatalogue() {
    assertThat(Fault.all(null, Soak.BRIEF)).hasSize(29);
  }
}
