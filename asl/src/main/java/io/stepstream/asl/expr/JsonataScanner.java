package io.stepstream.asl.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSONata expression's tokens for what the library doesn't tell: which variables it refers
 * to, whether it refers to an input document, which AWS doesn't have, and its regular expressions.
 * Those are replaced by variables, since the library would match them without any bound.
 *
 * <p>The tokens are those of JSONata's own tokenizer. A text that isn't JSONata is read somehow; it
 * is the parser that refuses it.
 */
final class JsonataScanner {

  /** Variables that stand for the regular expressions, by their number. */
  static final String REGEX_VARIABLE = "__regex";

  private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";

  private final String text;
  private final StringBuilder rewritten = new StringBuilder();
  private final List<Regex> regexes = new ArrayList<>();
  private final Set<String> referenced = new HashSet<>();
  private final Set<String> local = new HashSet<>();
  private final Deque<Bracket> brackets = new ArrayDeque<>();
  private @Nullable String unsupported;

  private int at;

  /** An operand must come next, not an operator. */
  private boolean prefix = true;

  /** The last operator was a dot: the next operand is a step of a path. */
  private boolean step;

  /** The last operand was a step: what is called or grouped with it sees the step's item. */
  private boolean lastWasStep;

  /** There is an item that names refer to. */
  private boolean item;

  private boolean lambda;
  private boolean orderBy;

  private JsonataScanner(String text) {
    this.text = text;
  }

  /** A regular expression literal. */
  record Regex(String pattern, boolean ignoreCase, boolean multiline) {}

  /**
   * What was found.
   *
   * @param rewritten the text with its regular expressions replaced
   * @param referenced names of all variables and functions
   * @param local names that the expression itself binds
   * @param unsupported a reference to the absent input document; null: none
   */
  record Scan(
      String rewritten,
      List<Regex> regexes,
      Set<String> referenced,
      Set<String> local,
      @Nullable String unsupported) {}

  /** What an opening bracket saved. {@code bars} counts the open parts of a transform. */
  private record Bracket(char open, boolean item, boolean step, boolean parameters, int bars) {}

  static Scan scan(String text) {
    JsonataScanner scanner = new JsonataScanner(text);
    while (scanner.at < text.length()) {
      scanner.token();
    }
    return new Scan(
        scanner.rewritten.toString(),
        List.copyOf(scanner.regexes),
        Set.copyOf(scanner.referenced),
        Set.copyOf(scanner.local),
        scanner.unsupported);
  }

  private void token() {
    char c = text.charAt(at);
    if (" \t\n\r".indexOf(c) >= 0) {
      copyTo(at + 1);
    } else if (text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      copyTo(end < 0 ? text.length() : end + 2);
    } else if (c == '/' && prefix) {
      regex();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else if (c == '`') {
      int end = text.indexOf('`', at + 1);
      name(text.substring(at + 1, end < 0 ? text.length() : end));
      copyTo(end < 0 ? text.length() : end + 1);
    } else if (OPERATORS.indexOf(c) >= 0) {
      operator(c);
    } else {
      word();
    }
  }

  private void copyTo(int end) {
    rewritten.append(text, at, end);
    at = end;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    copyTo(Math.min(end + 1, text.length()));
    operandEnds();
  }

  private void word() {
    int end = at;
    while (end < text.length()
        && " \t\n\r".indexOf(text.charAt(end)) < 0
        && OPERATORS.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(at, end);
    boolean isOperator = word.equals("and") || word.equals("or") || word.equals("in");
    if (isOperator && !prefix) {
      copyTo(end);
      operatorEnds();
    } else if (word.startsWith("$")) {
      variable(word.substring(1), end);
    } else if (Character.isDigit(word.charAt(0))) {
      number(end);
    } else if (word.equals("function") || word.equals("λ")) {
      copyTo(end);
      lambda = true;
      prefix = false;
    } else if (word.equals("true") || word.equals("false") || word.equals("null")) {
      copyTo(end);
      operandEnds();
    } else {
      name(word);
      copyTo(end);
    }
  }

  /** Digits, where a dot continues the number only if it isn't the range operator. */
  private void number(int end) {
    int i = end;
    if (i + 1 < text.length() && text.charAt(i) == '.' && Character.isDigit(text.charAt(i + 1))) {
      i++;
      while (i < text.length() && Character.isLetterOrDigit(text.charAt(i))) {
        i++;
      }
    }
    boolean exponent = "eE".indexOf(text.charAt(i - 1)) >= 0;
    if (exponent && i < text.length() && "+-".indexOf(text.charAt(i)) >= 0) {
      i++;
      while (i < text.length() && Character.isDigit(text.charAt(i))) {
        i++;
      }
    }
    copyTo(i);
    operandEnds();
  }

  private void variable(String name, int end) {
    boolean binding = precededBy('@') || precededBy('#');
    copyTo(end);
    if (name.equals("$") || (name.isEmpty() && !item && !step)) {
      refuse("$" + name);
    } else if (!name.isEmpty()) {
      referenced.add(name);
      boolean parameter = !brackets.isEmpty() && brackets.peek().parameters();
      if (binding || parameter || followedByAssignment()) {
        local.add(name);
      }
    }
    operandEnds();
  }

  private boolean precededBy(char operator) {
    int i = at - 1;
    while (i >= 0 && " \t\n\r".indexOf(text.charAt(i)) >= 0) {
      i--;
    }
    return i >= 0 && text.charAt(i) == operator;
  }

  private boolean followedByAssignment() {
    int i = at;
    while (i < text.length() && " \t\n\r".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return text.startsWith(":=", i);
  }

  private void name(String name) {
    if (!item && !step) {
      refuse(name);
    }
    operandEnds();
  }

  private void refuse(String name) {
    if (unsupported == null) {
      unsupported = name;
    }
  }

  private void operandEnds() {
    prefix = false;
    lastWasStep = step;
    step = false;
  }

  private void operatorEnds() {
    prefix = true;
    step = false;
    lastWasStep = false;
  }

  private void operator(char c) {
    switch (c) {
      case '(', '[', '{' -> open(c);
      case ')', ']', '}' -> close();
      case '|' -> bar();
      case '.' -> dot();
      case '*', '%' -> wildcard(c);
      case '^' -> {
        copyTo(at + 1);
        operatorEnds();
        orderBy = true;
      }
      default -> {
        copyTo(at + 1);
        operatorEnds();
      }
    }
  }

  private void dot() {
    boolean range = text.startsWith("..", at);
    copyTo(range ? at + 2 : at + 1);
    operatorEnds();
    step = !range;
  }

  private void wildcard(char c) {
    boolean descendants = text.startsWith("**", at);
    boolean operand = prefix;
    copyTo(descendants ? at + 2 : at + 1);
    if (operand) {
      name(descendants ? "**" : String.valueOf(c));
    } else {
      operatorEnds();
    }
  }

  private void open(char c) {
    boolean parameters = c == '(' && lambda;
    boolean inner;
    boolean outerStep;
    if (prefix) {
      inner = item || step || orderBy;
      outerStep = step;
    } else {
      // A call sees the item of the step that it is; a predicate or grouping sees each value.
      inner = item || (c == '(' ? lastWasStep : !followsParameters(c));
      outerStep = lastWasStep;
    }
    brackets.push(new Bracket(c, item, outerStep, parameters, 0));
    item = inner;
    lambda = false;
    orderBy = false;
    copyTo(at + 1);
    operatorEnds();
  }

  /** The brace opens the body of a lambda. */
  private boolean followsParameters(char c) {
    boolean body = c == '{' && bodyNext;
    bodyNext = false;
    return body;
  }

  private boolean bodyNext;

  private void close() {
    copyTo(at + 1);
    Bracket bracket = brackets.poll();
    prefix = false;
    step = false;
    lastWasStep = false;
    if (bracket != null) {
      item = bracket.item();
      lastWasStep = bracket.step();
      if (bracket.parameters()) {
        bodyNext = true;
        skipSignature();
      }
    }
  }

  /** Copies a lambda's signature, {@code <n-n:n>}, whose letters are no names. */
  private void skipSignature() {
    int i = at;
    while (i < text.length() && " \t\n\r".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    if (i == text.length() || text.charAt(i) != '<') {
      return;
    }
    int depth = 0;
    for (; i < text.length(); i++) {
      depth += text.charAt(i) == '<' ? 1 : text.charAt(i) == '>' ? -1 : 0;
      if (depth == 0) {
        copyTo(i + 1);
        return;
      }
    }
  }

  /** {@code | pattern | update, delete |}: all parts see the item that is transformed. */
  private void bar() {
    copyTo(at + 1);
    Bracket top = brackets.peek();
    if (prefix || top == null || top.open() != '|') {
      brackets.push(new Bracket('|', item, step, false, 1));
      item = true;
      operatorEnds();
    } else if (top.bars() == 1) {
      brackets.poll();
      brackets.push(new Bracket('|', top.item(), top.step(), false, 2));
      operatorEnds();
    } else {
      close(top);
    }
  }

  private void close(Bracket transform) {
    brackets.poll();
    item = transform.item();
    prefix = false;
    step = false;
    lastWasStep = transform.step();
  }

  /** As the library finds its end: at the first slash outside of brackets that isn't escaped. */
  private void regex() {
    int depth = 0;
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '/' && depth == 0) {
        literal(text.substring(at + 1, i), i + 1);
        return;
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      }
    }
    // No end: the parser says so.
    copyTo(text.length());
  }

  private void literal(String pattern, int end) {
    int i = end;
    while (i < text.length() && (text.charAt(i) == 'i' || text.charAt(i) == 'm')) {
      i++;
    }
    String flags = text.substring(end, i);
    if (pattern.isEmpty()) {
      copyTo(i);
      return;
    }
    rewritten.append('$').append(REGEX_VARIABLE).append(regexes.size());
    regexes.add(new Regex(pattern, flags.contains("i"), flags.contains("m")));
    at = i;
    operandEnds();
  }
}
