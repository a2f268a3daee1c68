package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares what we made with what was recorded, by the rules of the recordings: names are rewritten
 * to placeholders, tokens are wildcards, text that is an object is compared as JSON.
 */
public final class Matcher {

  /** Words that the recorder put for whole values which differ from run to run. */
  private static final Set<String> WORDS =
      Set.of(
          "timestamp",
          "datetime",
          "date",
          "start-date",
          "stop-date",
          "start-time",
          "entered-time",
          "snf_role_arn",
          "sfn_role_arn",
          "RequestId",
          "x-amzn-RequestId",
          "x-amzn-requestid",
          "X-Amzn-Trace-Id",
          "x-amz-crc32",
          "lambda_function_name",
          "bucket-name",
          "RandomNumberGenerated",
          "generated-uuid");

  /** What the SDK of the service adds; and what tells a Python program from another. */
  private static final Set<String> IGNORED_MEMBERS =
      Set.of("SdkHttpMetadata", "SdkResponseMetadata", "ResponseMetadata", "stackTrace");

  /** What a description of an execution has told since executions can be redriven. */
  private static final Set<String> OF_REDRIVE =
      Set.of("RedriveCount", "RedriveStatus", "RedriveStatusReason");

  private static final Pattern TOKEN = Pattern.compile("<(?:<[^<>]*>|[^<>])+>");
  private static final Pattern SUFFIX = Pattern.compile("-[0-9a-f]{8}\\b");

  private final List<UnaryOperator<String>> rewrites = new ArrayList<>();
  private final Set<String> words;
  private final boolean typesOnly;
  private final boolean mocked;
  private final Set<String> ignoredMembers = new HashSet<>(IGNORED_MEMBERS);
  private final Map<String, String> bound = new HashMap<>();

  public Matcher(RecordedCase recorded) {
    this.typesOnly = recorded.nondeterministic();
    this.mocked = recorded.category().equals("mocked-services");
    if (recorded.isOlderThanRedrive()) {
      ignoredMembers.addAll(OF_REDRIVE);
    }
    Set<String> all = new TreeSet<>(WORDS);
    for (Object each : recorded.ignored()) {
      all.add(String.valueOf(((Map<?, ?>) each).get("placeholder")));
    }
    for (Object each : recorded.bindings()) {
      Map<?, ?> binding = (Map<?, ?>) each;
      String placeholder = String.valueOf(binding.get("placeholder"));
      if (binding.get("value") instanceof String value) {
        rewrites.add(text -> text.replace(value, placeholder));
      } else if (binding.get("regex") instanceof String regex) {
        Pattern pattern = Pattern.compile(regex);
        rewrites.add(text -> rewrite(pattern, placeholder, text));
      } else {
        all.add(placeholder);
      }
    }
    words = Set.copyOf(all);
  }

  /** Recorded patterns speak of JSON text, in which quotes are escaped. */
  private static String rewrite(Pattern pattern, String placeholder, String text) {
    String json = Json.encode(text);
    String replaced =
        pattern.matcher(json).replaceAll(java.util.regex.Matcher.quoteReplacement(placeholder));
    return Json.decode(replaced) instanceof Decoded.Tree(String decoded) ? decoded : text;
  }

  private static String general(String text) {
    return text.replace("arn:aws:", "arn:<partition>:").replace("us-east-1", "<region>");
  }

  private String rewritten(String text) {
    String result = text;
    for (UnaryOperator<String> rewrite : rewrites) {
      result = rewrite.apply(result);
    }
    return general(result);
  }

  /** Whether they match; if not, no token is bound by the attempt. */
  public boolean matches(Map<?, ?> expected, Map<?, ?> actual) {
    Map<String, String> before = new HashMap<>(bound);
    if (difference("", expected, actual) == null) {
      return true;
    }
    bound.clear();
    bound.putAll(before);
    return false;
  }

  /** The first difference; null: they match. */
  public @Nullable String difference(
      String at, @Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof String word && words.contains(word)) {
      return null;
    }
    if (expected == null || actual == null) {
      return expected == actual ? null : told(at, expected, actual);
    }
    if (expected instanceof String text) {
      return matches(text, actual) ? null : told(at, expected, actual);
    }
    Object value = actual;
    if (actual instanceof String json
        && Json.decode(json) instanceof Decoded.Tree(Object decoded)
        && !(decoded instanceof String)) {
      value = decoded;
    }
    if (expected instanceof Map<?, ?> object) {
      return value instanceof Map<?, ?> other
          ? differenceOfObjects(at, object, other)
          : told(at, expected, actual);
    }
    if (expected instanceof List<?> array) {
      return value instanceof List<?> other
          ? differenceOfArrays(at, array, other)
          : told(at, expected, actual);
    }
    if (typesOnly) {
      return Json.typeName(expected).equals(Json.typeName(value))
          ? null
          : told(at, expected, actual);
    }
    return Json.equal(expected, value) ? null : told(at, expected, actual);
  }

  private @Nullable String differenceOfObjects(String at, Map<?, ?> expected, Map<?, ?> actual) {
    TreeSet<String> names = new TreeSet<>();
    expected.keySet().forEach(name -> names.add((String) name));
    actual.keySet().forEach(name -> names.add((String) name));
    names.removeAll(ignoredMembers);
    for (String name : names) {
      Object mine = actual.get(name);
      if (mine == null && mocked) {
        continue; // the mock leaves out what the real service has answered besides
      }
      Object theirs = expected.get(name);
      if (theirs == null) {
        // A placeholder may stand in a key as well.
        theirs =
            expected.entrySet().stream()
                .filter(e -> TOKEN.matcher((String) e.getKey()).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
      }
      String difference = difference(at + "." + name, theirs, mine);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private @Nullable String differenceOfArrays(String at, List<?> expected, List<?> actual) {
    if (expected.size() != actual.size()) {
      return told(at, expected, actual);
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = difference(at + "[" + i + "]", expected.get(i), actual.get(i));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private boolean matches(String expected, Object actual) {
    String text = actual instanceof String string ? string : Json.encode(actual);
    if (expected.equals(text) || typesOnly) {
      return true;
    }
    String rewritten = rewritten(text);
    String raw = general(text);
    if (matchesText(expected, rewritten, "rewritten ")
        || !raw.equals(rewritten) && matchesText(expected, raw, "raw ")) {
      return true;
    }
    if (retold(expected)
        && Json.decode(expected) instanceof Decoded.Tree(List<?> array)
        && Json.decode(text) instanceof Decoded.Tree(List<?> other)) {
      return differenceOfArrays("", array, other) == null;
    }
    // The Cause of a failed function holds a stack trace.
    return expected.contains("stackTrace")
        && Json.decode(expected.replaceAll(":<request-id>\\\\?\"", ":\"<request-id>\""))
            instanceof Decoded.Tree(Map<?, ?> object)
        && Json.decode(text) instanceof Decoded.Tree(Map<?, ?> other)
        && difference("", object, other) == null;
  }

  /** Whether the recorder has put something of its own into the text of an array. */
  private boolean retold(String expected) {
    return expected.startsWith("[")
        && (TOKEN.matcher(expected).find()
            || words.stream().anyMatch(word -> expected.contains('"' + word + '"')));
  }

  private boolean matchesText(String expected, String actual, String kind) {
    if (expected.equals(actual)) {
      return true;
    }
    List<String> tokens = TOKEN.matcher(expected).results().map(MatchResult::group).toList();
    if (tokens.isEmpty() && !SUFFIX.matcher(expected).find()) {
      return false;
    }
    StringBuilder regex = new StringBuilder();
    String[] literals = TOKEN.split(expected, -1);
    for (int i = 0; i < literals.length; i++) {
      if (i > 0) {
        String known = bound.get(kind + tokens.get(i - 1));
        regex.append(known == null ? "(.*?)" : "(" + Pattern.quote(known) + ")");
      }
      String[] parts = SUFFIX.split(literals[i], -1);
      for (int k = 0; k < parts.length; k++) {
        regex.append(k > 0 ? "-\\w+" : "").append(Pattern.quote(parts[k]));
      }
    }
    java.util.regex.Matcher matcher =
        Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(actual);
    if (!matcher.matches()) {
      return false;
    }
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).matches("<.*(:\\d+|idx)>")) {
        bound.put(kind + tokens.get(i), matcher.group(i + 1));
      }
    }
    return true;
  }

  private String told(String at, @Nullable Object expected, @Nullable Object actual) {
    Object shown = actual instanceof String text ? rewritten(text) : actual;
    return "%s: expected %s but was %s".formatted(at, shortened(expected), shortened(shown));
  }

  private static String shortened(@Nullable Object json) {
    String text = json == null ? "nothing" : Json.encode(json);
    return text.length() <= 400 ? text : text.substring(0, 400) + "…";
  }
}
