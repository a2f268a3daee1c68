package io.stepstream.asl.validate;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of a state's {@code Type}. */
public enum StateType {
  TASK("Task"),
  PASS("Pass"),
  MAP("Map"),
  PARALLEL("Parallel"),
  CHOICE("Choice"),
  WAIT("Wait"),
  SUCCEED("Succeed"),
  FAIL("Fail");

  private final String aslName;

  StateType(String aslName) {
    this.aslName = aslName;
  }

  /** The name as definitions spell it. */
  public String aslName() {
    return aslName;
  }

  /** Null when there is no such type. */
  public static @Nullable StateType of(String aslName) {
    for (StateType type : values()) {
      if (type.aslName.equals(aslName)) {
        return type;
      }
    }
    return null;
  }

  public static List<String> aslNames() {
    return Arrays.stream(values()).map(StateType::aslName).toList();
  }
}
