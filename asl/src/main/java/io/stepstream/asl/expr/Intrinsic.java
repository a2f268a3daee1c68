package io.stepstream.asl.expr;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The intrinsic functions. Each constant names the function's arity and its {@link Body}. */
enum Intrinsic {
  FORMAT("Format", 1, Integer.MAX_VALUE, StringIntrinsics::format),
  STRING_TO_JSON("StringToJson", 1, 1, StringIntrinsics::stringToJson),
  JSON_TO_STRING("JsonToString", 1, 1, StringIntrinsics::jsonToString),
  ARRAY("Array", 0, Integer.MAX_VALUE, ArrayIntrinsics::array),
  ARRAY_PARTITION("ArrayPartition", 2, 2, ArrayIntrinsics::partition),
  ARRAY_CONTAINS("ArrayContains", 2, 2, ArrayIntrinsics::contains),
  ARRAY_RANGE("ArrayRange", 3, 3, ArrayIntrinsics::range),
  ARRAY_GET_ITEM("ArrayGetItem", 2, 2, ArrayIntrinsics::getItem),
  ARRAY_LENGTH("ArrayLength", 1, 1, ArrayIntrinsics::length),
  ARRAY_UNIQUE("ArrayUnique", 1, 1, ArrayIntrinsics::unique),
  BASE64_ENCODE("Base64Encode", 1, 1, StringIntrinsics::base64Encode),
  BASE64_DECODE("Base64Decode", 1, 1, StringIntrinsics::base64Decode),
  HASH("Hash", 2, 2, StringIntrinsics::hash),
  JSON_MERGE("JsonMerge", 3, 3, ArrayIntrinsics::merge),
  MATH_RANDOM("MathRandom", 2, 3, NumberIntrinsics::random),
  MATH_ADD("MathAdd", 2, 2, NumberIntrinsics::add),
  STRING_SPLIT("StringSplit", 2, 2, StringIntrinsics::split),
  UUID("UUID", 0, 0, NumberIntrinsics::uuid);

  private final String aslName;
  private final int minArguments;
  private final int maxArguments;
  private final Body body;

  Intrinsic(String name, int minArguments, int maxArguments, Body body) {
    this.aslName = "States." + name;
    this.minArguments = minArguments;
    this.maxArguments = maxArguments;
    this.body = body;
  }

  /** What a function does; the number of its arguments has been checked. */
  interface Body {
    Result apply(List<Object> arguments, Entropy entropy);
  }

  /** The outcome of a call. */
  sealed interface Result {
    record Value(Object json) implements Result {}

    record Refused(String why) implements Result {}
  }

  static @Nullable Intrinsic named(String name) {
    for (Intrinsic intrinsic : values()) {
      if (intrinsic.aslName.equals(name)) {
        return intrinsic;
      }
    }
    return null;
  }

  boolean takes(int arguments) {
    return arguments >= minArguments && arguments <= maxArguments;
  }

  Result apply(List<Object> arguments, Entropy entropy) {
    return body.apply(arguments, entropy);
  }
}
