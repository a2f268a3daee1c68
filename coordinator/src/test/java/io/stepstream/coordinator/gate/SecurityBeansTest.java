package io.stepstream.coordinator.gate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityBeansTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.1.2.3"})
  void shouldStartWithoutAuthenticationWhereOnlyThisMachineReaches(String host) {
    assertThatCode(() -> SecurityBeans.requireLoopback(host)).doesNotThrowAnyException();
  }

  @Test
  void shouldNotStartWithAuthenticationWhereBodiesCannotBeReadFirst() {
    assertThatCode(() -> SecurityBeans.requireHttp1(false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> SecurityBeans.requireHttp1(true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("quarkus.http.http2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void shouldNotStartWithoutAuthenticationWhereOthersReach(String host) {
    assertThatThrownBy(() -> SecurityBeans.requireLoopback(host))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("quarkus.http.host is " + host)
        .hasMessageContaining("stepstream.security.access-keys-file")
        .hasMessageContaining("127.0.0.1");
  }
}
