package io.stepstream.asl.expr;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The functions that AWS adds to JSONata, and those of JSONata whose implementation in the library
 * isn't bounded, asks a clock, draws random numbers or fails where it shouldn't.
 */
enum JsonataFunction {
  PARTITION("partition", "<a-n:a>", JsonataAdditions::partition),
  RANGE("range", "<nnn?:a>", JsonataAdditions::range),
  HASH("hash", "<x-s?:s>", JsonataAdditions::hash),
  RANDOM("random", "<n?:n>", JsonataAdditions::random),
  UUID("uuid", "<:s>", JsonataAdditions::uuid),
  PARSE("parse", "<s-:x>", JsonataAdditions::parse),
  NOW("now", "<s?s?:s>", JsonataAdditions::now),
  MILLIS("millis", "<:n>", JsonataAdditions::millis),
  EVAL("eval", "<sx?:x>", JsonataAdditions::eval),
  SHUFFLE("shuffle", "<a:a>", JsonataAdditions::shuffle),
  STRING("string", "<x-b?:s>", JsonataOverrides::string),
  SORT("sort", "<af?:a>", JsonataOverrides::sort),
  PAD("pad", "<s-ns?:s>", JsonataOverrides::pad),
  JOIN("join", "<a<s>s?:s>", JsonataOverrides::join),
  MATCH("match", "<s-f<s:o>n?:a<o>>", JsonataOverrides::match),
  CONTAINS("contains", "<s-(sf):b>", JsonataOverrides::contains),
  REPLACE("replace", "<s-(sf)(sf)n?:s>", JsonataOverrides::replace),
  SPLIT("split", "<s-(sf)n?:a<s>>", JsonataOverrides::split);

  private final String aslName;
  private final String signature;
  private final Body body;

  JsonataFunction(String aslName, String signature, Body body) {
    this.aslName = aslName;
    this.signature = signature;
    this.body = body;
  }

  /** What a function does. Undefined arguments and an undefined result are null. */
  interface Body {
    @Nullable Object call(Arguments arguments, Session session);
  }

  /** Arguments that the signature has let through; missing ones are undefined. */
  record Arguments(List<? extends @Nullable Object> values) {
    @Nullable Object get(int index) {
      return index < values.size() ? values.get(index) : null;
    }
  }

  /** What functions need of the evaluation that they run in. */
  interface Session {
    Entropy entropy();

    Deadline deadline();

    /** Calls a function that the expression passed as an argument. */
    @Nullable Object apply(Object function, List<Object> arguments);

    /** The regular expression that an argument is, or null. */
    @Nullable RegexMatcher regex(@Nullable Object argument);

    /** JSONata's text of a value, as long as it isn't too long. */
    String text(Object value, boolean pretty);

    /** JSONata's boolean of a value. */
    boolean truth(@Nullable Object value);

    /** An array which JSONata takes for the single element that it holds, or for nothing. */
    List<Object> sequence();

    /** The time as text, by a picture string. */
    String formatTime(long millis, @Nullable String picture, @Nullable String zone);
  }

  static @Nullable JsonataFunction named(String name) {
    for (JsonataFunction function : values()) {
      if (function.aslName.equals(name)) {
        return function;
      }
    }
    return null;
  }

  /** True if JSONata, or AWS, has a function of that name. */
  static boolean isFunction(String name) {
    return named(name) != null || BUILT_IN.contains(name);
  }

  /** The functions of JSONata that the library may keep. */
  private static final Set<String> BUILT_IN =
      Set.of(
          ("""
          sum count max min average substring substringBefore substringAfter lowercase
          uppercase length trim formatNumber formatBase formatInteger parseInteger
          number floor ceil round abs sqrt power boolean not map zip filter single
          reduce sift keys lookup append exists spread merge reverse each error assert
          type distinct base64encode base64decode encodeUrlComponent encodeUrl
          decodeUrlComponent decodeUrl toMillis fromMillis clone
          """)
              .strip()
              .split("\\s+"));

  String aslName() {
    return aslName;
  }

  String signature() {
    return signature;
  }

  @Nullable Object call(List<? extends @Nullable Object> arguments, Session session) {
    session.deadline().check();
    return body.call(new Arguments(arguments), session);
  }
}
