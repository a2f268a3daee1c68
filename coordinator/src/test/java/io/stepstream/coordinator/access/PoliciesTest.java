package io.stepstream.coordinator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

  private static final String STATES = "arn:aws:states:us-east-1:111111111111:";
  private static final Caller ADA =
      Caller.user(Caller.Kind.API_KEY, "111111111111", "ada", Set.of("ops"), "k");
  private static final Caller BOB =
      Caller.user(Caller.Kind.API_KEY, "111111111111", "bob", Set.of(), "k");

  private final ObjectMapper json = new ObjectMapper();

  private Permissions permissions(String users, String groups, String roles) throws Exception {
    Policies policies =
        Policies.of(
            json.readTree(
                "{\"users\":%s,\"groups\":%s,\"roles\":%s}".formatted(users, groups, roles)));
    return Permissions.of(() -> policies);
  }

  private static Demand start(String machine) {
    return Demand.of("states:StartExecution", STATES + "stateMachine:" + machine);
  }

  @Test
  void shouldDenyWhatNobodyAllowsInAwsWords() throws Exception {
    Permissions permissions = permissions("{}", "{}", "{}");

    assertThat(permissions.refusal(ADA, start("m")))
        .isEqualTo(
            "User: arn:aws:iam::111111111111:user/ada is not authorized to perform:"
                + " states:StartExecution on resource: "
                + STATES
                + "stateMachine:m because no identity-based policy allows the"
                + " states:StartExecution action");
    assertThat(permissions.refusal(Caller.ANYONE, start("m"))).isNotNull();
    assertThat(permissions.refusal(Caller.NODE, start("m"))).isNull();
    assertThat(Permissions.open().refusal(Caller.ANYONE, start("m"))).isNull();
  }

  @Test
  void shouldAllowUsersAndTheirGroups() throws Exception {
    Permissions permissions =
        permissions(
            "{\"bob\":[{\"Effect\":\"Allow\",\"Action\":[\"states:start*\"],\"Resource\":\"*:stateMachine:b?b\"}]}",
            "{\"ops\":[{\"Sid\":\"all\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[\"*\"]}]}",
            "{}");

    assertThat(permissions.refusal(ADA, start("m"))).isNull();
    assertThat(permissions.refusal(BOB, start("bob"))).isNull();
    assertThat(permissions.refusal(BOB, start("bb"))).isNotNull();
    assertThat(
            permissions.refusal(
                BOB, Demand.of("states:StopExecution", STATES + "stateMachine:bob")))
        .isNotNull();
  }

  @Test
  void shouldLetADenialWin() throws Exception {
    Permissions permissions =
        permissions(
            "{\"ada\":[{\"Effect\":\"Allow\",\"Action\":\"states:*\",\"Resource\":\"*\"}]}",
            "{\"ops\":[{\"Effect\":\"Deny\",\"Action\":\"states:StartExecution\",\"Resource\":\""
                + STATES
                + "stateMachine:prod-*\"}]}",
            "{}");

    assertThat(permissions.refusal(ADA, start("test-1"))).isNull();
    assertThat(permissions.refusal(ADA, start("prod-1"))).contains("with an explicit deny");
    // By no other name of the same machine either.
    assertThat(permissions.refusal(ADA, start("prod-1:live"))).contains("with an explicit deny");
    assertThat(permissions.refusal(ADA, start("prod-1/label"))).contains("with an explicit deny");
  }

  @Test
  void shouldTakeAVersionForItsMachineAndNotTheOtherWayRound() throws Exception {
    String allowed =
        "[{\"Effect\":\"Allow\",\"Action\":\"states:StartExecution\",\"Resource\":\"%sstateMachine:%s\"}]";
    Permissions machine =
        permissions("{\"bob\":" + allowed.formatted(STATES, "m") + "}", "{}", "{}");
    Permissions alias =
        permissions("{\"bob\":" + allowed.formatted(STATES, "m:live") + "}", "{}", "{}");

    assertThat(machine.refusal(BOB, start("m"))).isNull();
    assertThat(machine.refusal(BOB, start("m:live"))).isNull();
    assertThat(machine.refusal(BOB, start("m:live:x"))).isNotNull();
    assertThat(machine.refusal(BOB, start("mm"))).isNotNull();
    assertThat(alias.refusal(BOB, start("m:live"))).isNull();
    assertThat(alias.refusal(BOB, start("m"))).isNotNull();
    assertThat(alias.refusal(BOB, start("m:other"))).isNotNull();
  }

  @Test
  void shouldKnowRolesApartFromUsers() throws Exception {
    String role = "arn:aws:iam::111111111111:role/orders";
    Permissions permissions =
        permissions(
            "{}",
            "{}",
            "{\""
                + role
                + "\":[{\"Effect\":\"Allow\",\"Action\":\"states:StartExecution\",\"Resource\":\"*:ship\"}]}");

    assertThat(permissions.refusal(role, start("ship"))).isNull();
    assertThat(permissions.refusal(role, start("pay"))).contains(role);
    assertThat(permissions.refusal(role + "2", start("ship"))).isNotNull();
    assertThat(Permissions.open().refusal(role, start("pay"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"} | users.u[0].Effect must be"
            + " Allow or Deny",
        "{\"Effect\":\"Allow\",\"Resource\":\"*\"} | users.u[0].Action must be a string or an"
            + " array",
        "{\"Effect\":\"Allow\",\"Action\":\"*\"} | users.u[0].Resource must be a string or an"
            + " array",
        "{\"Effect\":\"Allow\",\"Action\":[1],\"Resource\":\"*\"} | users.u[0].Action must have"
            + " strings only",
        "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{}} | can't have a"
            + " member 'Condition'",
        "{\"Effect\":\"Allow\",\"NotAction\":\"*\",\"Resource\":\"*\"} | can't have a member"
            + " 'NotAction'",
      })
  void shouldRefuseStatementsThatItWouldUnderstandOnlyInPart(String statement, String message)
      throws Exception {
    var file = json.readTree("{\"users\":{\"u\":[" + statement + "]}}");

    assertThatThrownBy(() -> Policies.of(file)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "*,anything,true",
    "a*c,abbbc,true",
    "a*c,ac,true",
    "a*c,acb,false",
    "a?c,abc,true",
    "a?c,ac,false",
    "*a*b*,xxaxxbxx,true",
    "*a*b*,xxbxxaxx,false",
    "a.c,abc,false",
    "A,a,false"
  })
  void shouldMatchAsIamDoes(String pattern, String text, boolean matches) {
    assertThat(new Wildcard(pattern, false).matches(text)).isEqualTo(matches);
  }

  @Test
  void shouldMatchHostilePatternsInTime() {
    // With backtracking over each star this would take longer than the universe is old.
    assertThat(new Wildcard("*a".repeat(200) + "b", false).matches("a".repeat(5_000))).isFalse();
    assertThat(new Wildcard("STATES:start*", true).matches("states:StartExecution")).isTrue();
  }

  @Test
  void shouldBoundWhatOneUserCalls() {
    long[] nanos = {0};
    RequestRates rates = new RequestRates(10, 3, () -> nanos[0]);

    assertThat(rates.admits(ADA)).isTrue();
    assertThat(rates.admits(ADA)).isTrue();
    assertThat(rates.admits(ADA)).isTrue();
    assertThat(rates.admits(ADA)).isFalse();
    assertThat(rates.admits(BOB)).isTrue();
    nanos[0] = 100_000_000;
    assertThat(rates.admits(ADA)).isTrue();
    assertThat(rates.admits(ADA)).isFalse();
    nanos[0] = 100_000_000_000L;
    for (int i = 0; i < 3; i++) {
      assertThat(rates.admits(ADA)).isTrue();
    }
    assertThat(rates.admits(ADA)).isFalse();
  }
}
