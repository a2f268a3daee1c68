package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Authentication.Known;
import io.stepstream.coordinator.access.Authentication.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys, sessions that were begun with them, and what nodes sign for each other. */
class KeysTest {

  private static final String ACCOUNT = "111111111111";

  private final ObjectMapper json = new ObjectMapper();
  private final ApiKey key = ApiKey.random();
  private Instant now = Instant.parse("2026-03-04T05:06:07Z");
  private ApiKeys keys;

  @BeforeEach
  void readKeys() throws Exception {
    keys = keys("");
  }

  private ApiKeys keys(String further) throws Exception {
    return ApiKeys.of(
        json.readTree(
            "{\"apiKeys\":[{\"id\":\"%s\",\"sha256\":\"%s\",\"user\":\"ci\",\"groups\":[\"g\"]%s}]}"
                .formatted(key.id(), key.hash(), further)),
        ACCOUNT);
  }

  @Test
  void shouldKnowAKeyByItsHashAlone() {
    Caller caller = keys.find(key.text(), now);

    assertThat(caller)
        .isEqualTo(Caller.user(Caller.Kind.API_KEY, ACCOUNT, "ci", Set.of("g"), key.id()));
    assertThat(key.text()).startsWith("ssk_" + key.id() + "_").hasSize(4 + 12 + 1 + 43);
    assertThat(key.hash()).doesNotContain(key.text());
  }

  @Test
  void shouldRefuseEveryKeyThatDiffersInACharacter() {
    for (int i = 0; i < key.text().length(); i++) {
      char other = key.text().charAt(i) == 'x' ? 'y' : 'x';
      String wrong = key.text().substring(0, i) + other + key.text().substring(i + 1);

      assertThat(keys.find(wrong, now)).as(wrong).isNull();
    }
    assertThat(keys.find("", now)).isNull();
    assertThat(keys.find(key.hash(), now)).isNull();
    assertThat(keys.find(ApiKey.random().text(), now)).isNull();
  }

  @Test
  void shouldForgetAKeyWhenItExpires() throws Exception {
    keys = keys(",\"expires\":\"2026-03-04T05:06:08Z\"");

    assertThat(keys.find(key.text(), now)).isNotNull();
    assertThat(keys.find(key.text(), now.plusSeconds(1))).isNull();
    assertThat(keys.owner(key.id(), now.plusSeconds(1))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | apiKeys must be an array",
        "{\"apiKeys\":[{\"id\":\"a\"}]} | apiKeys[0].sha256 is missing",
        "{\"apiKeys\":[{\"id\":\"a\",\"sha256\":\"b\",\"user\":\"c\"}]} | apiKeys[0].sha256 must be"
            + " 64 hexadecimal digits",
        "{\"apiKeys\":[{\"key\":\"a\"}]} | apiKeys[0] can't have a member 'key'",
        "[] | must be a JSON object",
      })
  void shouldSayWhatIsWrongInTheFile(String file, String message) throws Exception {
    var tree = json.readTree(file);

    assertThatThrownBy(() -> ApiKeys.of(tree, ACCOUNT)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"accessKeyId\":\"AK1\",\"user\":\"u\"} | needs one of secretAccessKey and"
            + " secretAccessKeyFile",
        "{\"accessKeyId\":\"AK1\",\"user\":\"u\",\"secretAccessKey\":\"0123456789abcdef\",\"sessionToken\":\"t\"}"
            + " | needs expires",
        "{\"accessKeyId\":\"AK1\",\"user\":\"u\",\"secretAccessKey\":\"short\"} | fewer than 16"
            + " characters",
        "{\"accessKeyId\":\"A/1\",\"user\":\"u\",\"secretAccessKey\":\"0123456789abcdef\"} | 3 to"
            + " 128 letters",
        "{\"accessKeyId\":\"AK1\",\"secretAccessKey\":\"0123456789abcdef\"} | accessKeys[0].user is"
            + " missing",
        "{\"accessKeyId\":\"AK1\",\"user\":\"u\",\"secretAccessKeyFile\":\"/nowhere/at/all\"} |"
            + " secretAccessKeyFile can't be read",
      })
  void shouldSayWhatIsWrongInAnAccessKeyWithoutItsSecret(String entry, String message)
      throws Exception {
    var tree = json.readTree("{\"accessKeys\":[" + entry + "]}");

    assertThatThrownBy(() -> AccessKeys.of(tree, ACCOUNT))
        .hasMessageContaining(message)
        .hasMessageNotContaining("0123456789abcdef");
  }

  @Test
  void shouldLetASessionLastUntilItsEndOrItsKeys() throws Exception {
    Sessions sessions =
        new Sessions(nodeKeys("s".repeat(32), Sessions.PURPOSE), () -> now, Duration.ofHours(1));
    String cookie = sessions.begin(keys.find(key.text(), now));

    assertThat(sessions.caller(cookie, keys, false)).extracting(Caller::name).isEqualTo("ci");
    assertThat(sessions.caller(cookie, keys, false))
        .extracting(Caller::kind)
        .isEqualTo(Caller.Kind.SESSION);
    for (int i = 0; i < cookie.length(); i++) {
      char other = cookie.charAt(i) == '0' ? '1' : '0';
      assertThat(
              sessions.caller(
                  cookie.substring(0, i) + other + cookie.substring(i + 1), keys, false))
          .isNull();
    }
    assertThat(
            sessions.caller(cookie, ApiKeys.of(json.readTree("{\"apiKeys\":[]}"), ACCOUNT), false))
        .isNull();
    now = now.plus(Duration.ofHours(1));
    assertThat(sessions.caller(cookie, keys, false)).isNull();
  }

  @Test
  void shouldHandACallerOnWithTheCallAndNothingElse() {
    byte[] body = "{}".getBytes(UTF_8);
    Caller caller = keys.find(key.text(), now);
    NodeCalls one = new NodeCalls(nodeKeys("a".repeat(32), NodeCalls.PURPOSE), () -> now);
    NodeCalls other =
        new NodeCalls(
            NodeKeys.of(List.of("b".repeat(32), "a".repeat(32)), NodeCalls.PURPOSE), () -> now);
    NodeCalls stranger = new NodeCalls(nodeKeys("c".repeat(32), NodeCalls.PURPOSE), () -> now);

    String header = one.sign(caller, "T", body);

    assertThat(other.verify(header, "T", body)).isEqualTo(new Known(caller));
    assertThat(stranger.verify(header, "T", body)).isInstanceOf(Refused.class);
    assertThat(other.verify(header, "U", body)).isInstanceOf(Refused.class);
    assertThat(other.verify(header, "T", "[]".getBytes(UTF_8))).isInstanceOf(Refused.class);
    for (String wrong : List.of("", ".", "..", "a.b.c", header + "0", header.substring(1))) {
      assertThat(other.verify(wrong, "T", body)).as(wrong).isInstanceOf(Refused.class);
    }
    now = now.plus(NodeCalls.VALID).plusMillis(1);
    assertThat(other.verify(header, "T", body))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.code()).isEqualTo("InvalidSignatureException"));
  }

  @Test
  void shouldNotTakeASessionForACallOfANode() {
    NodeKeys forSessions = nodeKeys("a".repeat(32), Sessions.PURPOSE);
    NodeKeys forCalls = nodeKeys("a".repeat(32), NodeCalls.PURPOSE);

    assertThat(forCalls.isSignatureOf("text", forCalls.sign("text"))).isTrue();
    assertThat(forCalls.isSignatureOf("text", forSessions.sign("text"))).isFalse();
  }

  private static NodeKeys nodeKeys(String secret, String purpose) {
    return NodeKeys.of(List.of(secret), purpose);
  }
}
