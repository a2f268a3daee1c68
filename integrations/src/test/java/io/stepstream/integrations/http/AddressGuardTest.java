package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressGuardTest {

  private static AddressGuard guard(boolean everywhere, String... allowed) {
    return new AddressGuard(
        List.of(allowed).stream().map(Network::parse).toList(),
        everywhere,
        InetAddress::getAllByName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "localhost"
      })
  void shouldRefuseWhatIsNotThePublicInternet(String host) {
    assertThatThrownBy(() -> guard(true).resolve(host))
        .isInstanceOf(AddressGuard.Refused.class)
        .hasMessageContaining("'" + host + "' is not on the public Internet.")
        .hasMessageContaining("stepstream.http.allowed-networks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1"
      })
  void shouldLetCallsReachThePublicInternet(String host) throws Exception {
    assertThat(guard(true).resolve(host)).containsExactly(InetAddress.ofLiteral(host));
    assertThatThrownBy(() -> guard(false).resolve(host))
        .isInstanceOf(AddressGuard.Refused.class)
        .hasMessageContaining("elsewhere only https may be spoken");
  }

  @Test
  void shouldLetCallsReachWhatTheOperatorAllows() throws Exception {
    for (boolean everywhere : new boolean[] {true, false}) {
      AddressGuard guard = guard(everywhere, "10.1.0.0/16", "127.0.0.2", "fd00::/8");

      assertThat(guard.resolve("10.1.2.3")).hasSize(1);
      assertThat(guard.resolve("127.0.0.2")).hasSize(1);
      assertThat(guard.resolve("fd00::1")).hasSize(1);
      assertThatThrownBy(() -> guard.resolve("10.2.0.0")).isInstanceOf(AddressGuard.Refused.class);
      assertThatThrownBy(() -> guard.resolve("127.0.0.1")).isInstanceOf(AddressGuard.Refused.class);
    }
  }

  @Test
  void shouldGiveOnlyThoseAddressesOfAHostThatArePermitted() throws Exception {
    InetAddress inside = InetAddress.ofLiteral("10.0.0.1");
    InetAddress outside = InetAddress.ofLiteral("1.1.1.1");
    AddressGuard guard =
        new AddressGuard(List.of(), true, _ -> new InetAddress[] {inside, outside});

    assertThat(guard.resolve("two.example")).containsExactly(outside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "example.org/8", "10.0.0.0/x"})
  void shouldSayHowToWriteANetwork(String text) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is no block of addresses; write them as 10.0.0.0/8 or fc00::/7.", text);
  }
}
