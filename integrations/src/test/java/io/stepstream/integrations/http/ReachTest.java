package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.worker.handler.TaskFailedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReachTest {

  private static Reach reach(AddressGuard.Lookup lookup, String... allowed) {
    return new Reach(
        new HttpSettings(
            List.of(allowed).stream().map(Network::parse).toList(),
            new Connections(_ -> Optional.empty(), Optional.empty()),
            lookup,
            Duration.ofSeconds(1)));
  }

  /** Whoever connects may take any of them. */
  @Test
  void shouldRefuseAHostOneOfWhoseAddressesMayNotBeReached() {
    InetAddress[] both = {
      InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("10.0.0.1")
    };

    assertThatThrownBy(() -> reach(_ -> both).check("both.example.com"))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            refused -> {
              assertThat(refused.error()).isEqualTo("States.Permissions");
              assertThat(refused.causeText()).contains("stepstream.http.allowed-networks");
            });
    assertThatCode(() -> reach(_ -> both, "10.0.0.0/8").check("both.example.com"))
        .doesNotThrowAnyException();
  }

  @Test
  void shouldLeaveToTheConnectionWhatIsNotKnown() {
    AddressGuard.Lookup nobody =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThatCode(() -> reach(nobody).check("nobody.example.com")).doesNotThrowAnyException();
  }
}
