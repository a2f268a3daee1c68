package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * One kind of call, and all that may be answered to it.
 *
 * @param action AWS's name of it
 * @param changes that each call uses up or makes something of its own, so there can't be any number
 * @param afterRepeat refusals which are right when an earlier attempt of the same call was told
 *     "not now": it may have taken effect all the same
 */
record ActionRow(String action, boolean changes, Ask ask, Right right, Set<String> afterRepeat) {

  /**
   * A call, which may take several attempts.
   *
   * @param node that is called, by its place among the nodes
   * @param index of the call among those of its row, on whatever node
   */
  record Turn(int node, int index) {}

  interface Ask {
    ObjectNode request(Turn turn);
  }

  /** Fails when the members are not those of the right answer. */
  interface Check {
    void of(JsonNode members, Turn turn);
  }

  /** The only answer there is but for "not now". */
  sealed interface Right {
    record Answer(Check check) implements Right {}

    /**
     * @param code AWS's name of the error
     */
    record Refusal(String code) implements Right {}

    /** An answer with this member, or an empty one, which says as much as "not now". */
    record Perhaps(String member, Check check) implements Right {}
  }

  static ActionRow reads(String action, Ask ask, Check check) {
    return new ActionRow(action, false, ask, new Right.Answer(check), Set.of());
  }

  static ActionRow changes(String action, Ask ask, Check check) {
    return new ActionRow(action, true, ask, new Right.Answer(check), Set.of());
  }

  static ActionRow refused(String action, Ask ask, String code) {
    return new ActionRow(action, false, ask, new Right.Refusal(code), Set.of());
  }

  ActionRow orAfterRepeat(String code) {
    return new ActionRow(action, changes, ask, right, Set.of(code));
  }

  /**
   * Whether the call has got its answer; false: it was told to come again. Fails when it was
   * answered wrongly.
   *
   * @param repeated it was told so before
   */
  boolean isAnswered(Turn turn, Node.Reply reply, boolean repeated) {
    return switch (reply) {
      case Node.Reply.Answered(JsonNode members) -> isRight(turn, members);
      case Node.Reply.Refused refused -> isRight(turn, refused, repeated);
    };
  }

  private boolean isRight(Turn turn, JsonNode members) {
    return switch (right) {
      case Right.Answer(Check check) -> {
        check.of(members, turn);
        yield true;
      }
      case Right.Perhaps(String member, Check check) -> {
        if (members.isEmpty()) {
          yield false;
        }
        assertThat(members.has(member)).as("%s of %s", member, members).isTrue();
        check.of(members, turn);
        yield true;
      }
      case Right.Refusal(String code) -> fail("%s is answered %s", code, members);
    };
  }

  private boolean isRight(Turn turn, Node.Reply.Refused refused, boolean repeated) {
    if (refused.status() == 503) {
      assertThat(refused.code()).isEqualTo("ServiceUnavailable");
      assertThat(refused.retryAfter()).as("Retry-After: %s", refused).isPresent();
      return false;
    }
    if (refused.code().equals("ThrottlingException")) {
      return false;
    }
    boolean isRight =
        right instanceof Right.Refusal(String code) && code.equals(refused.code())
            || repeated && afterRepeat.contains(refused.code());
    assertThat(isRight).as("%s, %s is refused: %s", action, turn, refused).isTrue();
    return true;
  }

  @Override
  public String toString() {
    return action + (right instanceof Right.Refusal(String code) ? " " + code : "");
  }
}
