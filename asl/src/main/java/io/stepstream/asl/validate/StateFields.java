package io.stepstream.asl.validate;

import static io.stepstream.asl.definition.QueryLanguage.JSONATA;
import static io.stepstream.asl.definition.QueryLanguage.JSON_PATH;
import static io.stepstream.asl.validate.StateType.CHOICE;
import static io.stepstream.asl.validate.StateType.FAIL;
import static io.stepstream.asl.validate.StateType.MAP;
import static io.stepstream.asl.validate.StateType.PARALLEL;
import static io.stepstream.asl.validate.StateType.PASS;
import static io.stepstream.asl.validate.StateType.SUCCEED;
import static io.stepstream.asl.validate.StateType.TASK;
import static io.stepstream.asl.validate.StateType.WAIT;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields a state of a type may have, and in which query language. */
public final class StateFields {

  /**
   * @param language null: both
   */
  private record Rule(@Nullable QueryLanguage language, Set<StateType> types) {}

  private static final Map<String, Rule> TABLE = new HashMap<>();

  static {
    both("Type", StateType.values());
    both("Comment", StateType.values());
    both("QueryLanguage", StateType.values());
    both("Next", TASK, PARALLEL, MAP, PASS, WAIT);
    both("End", TASK, PARALLEL, MAP, PASS, WAIT);
    only(JSON_PATH, "InputPath", TASK, PARALLEL, MAP, PASS, WAIT, CHOICE, SUCCEED);
    only(JSON_PATH, "OutputPath", TASK, PARALLEL, MAP, PASS, WAIT, CHOICE, SUCCEED);
    only(JSON_PATH, "Parameters", TASK, PARALLEL, MAP, PASS);
    only(JSON_PATH, "ResultSelector", TASK, PARALLEL, MAP);
    only(JSON_PATH, "ResultPath", TASK, PARALLEL, MAP, PASS);
    only(JSON_PATH, "Result", PASS);
    only(JSONATA, "Arguments", TASK, PARALLEL);
    only(JSONATA, "Output", TASK, PARALLEL, MAP, PASS, WAIT, CHOICE, SUCCEED);
    both("Assign", TASK, PARALLEL, MAP, PASS, WAIT, CHOICE);
    both("Retry", TASK, PARALLEL, MAP);
    both("Catch", TASK, PARALLEL, MAP);
    both("Resource", TASK);
    both("Credentials", TASK);
    both("TimeoutSeconds", TASK);
    both("HeartbeatSeconds", TASK);
    only(JSON_PATH, "TimeoutSecondsPath", TASK);
    only(JSON_PATH, "HeartbeatSecondsPath", TASK);
    both("Branches", PARALLEL);
    both("ItemProcessor", MAP);
    both("Iterator", MAP);
    only(JSON_PATH, "ItemsPath", MAP);
    only(JSONATA, "Items", MAP);
    both("ItemSelector", MAP);
    both("MaxConcurrency", MAP);
    only(JSON_PATH, "MaxConcurrencyPath", MAP);
    both("ItemReader", MAP);
    both("ItemBatcher", MAP);
    both("ResultWriter", MAP);
    both("Label", MAP);
    both("ToleratedFailureCount", MAP);
    both("ToleratedFailurePercentage", MAP);
    only(JSON_PATH, "ToleratedFailureCountPath", MAP);
    only(JSON_PATH, "ToleratedFailurePercentagePath", MAP);
    both("Seconds", WAIT);
    both("Timestamp", WAIT);
    only(JSON_PATH, "SecondsPath", WAIT);
    only(JSON_PATH, "TimestampPath", WAIT);
    both("Choices", CHOICE);
    both("Default", CHOICE);
    both("Error", FAIL);
    both("Cause", FAIL);
    only(JSON_PATH, "ErrorPath", FAIL);
    only(JSON_PATH, "CausePath", FAIL);
  }

  private StateFields() {}

  /** Reports every field that a state of this type and language may not have. */
  public static void check(
      Node.Struct state, StateType type, QueryLanguage language, Problems problems) {
    for (String field : state.members().keySet()) {
      Rule rule = TABLE.get(field);
      if (rule == null || !rule.types.contains(type)) {
        problems.schemaOfField(state, field, Wording.notSupported(field));
      } else if (rule.language != null && rule.language != language) {
        problems.schemaOfField(state, field, Wording.wrongLanguage(field, language));
      }
    }
  }

  private static void both(String field, StateType... types) {
    only(null, field, types);
  }

  private static void only(@Nullable QueryLanguage language, String field, StateType... types) {
    Set<StateType> set = EnumSet.noneOf(StateType.class);
    set.addAll(Set.of(types));
    TABLE.put(field, new Rule(language, set));
  }
}
