package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The type tests of Choice rules. */
enum TypeTest {
  IS_NULL("IsNull", json -> json == Json.NULL),
  IS_NUMERIC("IsNumeric", Number.class::isInstance),
  IS_STRING("IsString", String.class::isInstance),
  IS_BOOLEAN("IsBoolean", Boolean.class::isInstance),
  IS_TIMESTAMP("IsTimestamp", json -> Timestamps.parse(json) != null);

  private final String aslName;
  private final Predicate<Object> test;

  TypeTest(String aslName, Predicate<Object> test) {
    this.aslName = aslName;
    this.test = test;
  }

  static @Nullable TypeTest named(String name) {
    for (TypeTest typeTest : values()) {
      if (typeTest.aslName.equals(name)) {
        return typeTest;
      }
    }
    return null;
  }

  boolean test(Object json) {
    return test.test(json);
  }
}
