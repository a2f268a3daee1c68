package io.stepstream.coordinator.index;

import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a search: Lucene's classic syntax without what costs much (fuzzy words, regular
 * expressions, wildcards but for one at the end), over the fields that an execution has. Not thread
 * safe, and good for one text.
 */
final class QueryLanguage {

  static final int LONGEST = 2000;

  private static final int MOST_CLAUSES = 50;

  /** The parser calls itself for each. */
  private static final int MOST_PARENTHESES = 50;

  /** Shown to whoever names a field that there is not. */
  private static final String NAMES =
      "machine, name, status, error, cause, mapRun, start, stop, input, output, input.<path>,"
          + " output.<path>";

  private static final Set<String> KEYWORDS =
      Set.of(Fields.NAME, Fields.ERROR, Fields.MAP_RUN, Fields.STATUS, Fields.MACHINE);

  private static final Set<String> WORDS = Set.of(Fields.CAUSE, Fields.INPUT, Fields.OUTPUT);
  private static final Set<String> TIMES = Set.of(Fields.START, Fields.STOP);
  private static final List<String> PAYLOADS = List.of(Fields.INPUT, Fields.OUTPUT);

  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

  /** No name of a field: what is searched when none is given. */
  private static final String ANY = "*";

  /** What a text means, or what is wrong with it. */
  sealed interface Meaning {
    record Search(Query query) implements Meaning {}

    /**
     * @param at counted from 1
     */
    record Wrong(int at, String what, String mend) implements Meaning {}
  }

  private QueryLanguage() {}

  static Meaning read(String text, Analyzer analyzer) {
    if (text.isBlank()) {
      return new Meaning.Wrong(1, "The query is empty", "Leave q out to find everything");
    }
    if (text.length() > LONGEST) {
      return new Meaning.Wrong(
          LONGEST + 1,
          "The query has %d characters".formatted(text.length()),
          "Shorten it to %d".formatted(LONGEST));
    }
    if (text.chars().filter(c -> c == '(').count() > MOST_PARENTHESES) {
      return new Meaning.Wrong(
          1,
          "The query has more than %d parentheses".formatted(MOST_PARENTHESES),
          "Use fewer groups; a phrase with parentheses is better without them");
    }
    try {
      return new Meaning.Search(new Parser(analyzer).parse(text));
    } catch (ParseException e) {
      return wrong(e, text);
    }
  }

  private static Meaning.Wrong wrong(ParseException e, String text) {
    return switch (e.getCause()) {
      case Misuse misuse -> new Meaning.Wrong(misuse.at, misuse.what, misuse.mend);
      case ParseException syntax when syntax.currentToken != null ->
          unexpected(syntax.currentToken.next.beginColumn, text);
      case null, default -> {
        Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
        yield unexpected(column.find() ? Integer.parseInt(column.group(1)) : 0, text);
      }
    };
  }

  /**
   * @param column counted from 0
   */
  private static Meaning.Wrong unexpected(int column, String text) {
    int at = Math.min(column, text.length());
    String mend =
        "Put values with any of : / [ ] { } ( ) \" ^ ~ ? \\ or blanks in double quotes, for example"
            + " machine:\"arn:aws:…\", or put \\ before such a character; close what is opened";
    return at == text.length()
        ? new Meaning.Wrong(at + 1, "The query ends too early", mend)
        : new Meaning.Wrong(at + 1, "'%s' is not expected here".formatted(text.charAt(at)), mend);
  }

  /** A query that is well formed and yet can't be meant. */
  private static final class Misuse extends ParseException {
    private static final long serialVersionUID = 1;

    private final int at;
    private final String what;
    private final String mend;

    Misuse(int at, String what, String mend) {
      super(what);
      this.at = at;
      this.what = what;
      this.mend = mend;
    }
  }

  /** Lucene calls back for each clause. */
  private static final class Parser extends QueryParser {

    private int clauses;

    Parser(Analyzer analyzer) {
      super(ANY, analyzer);
      setDefaultOperator(Operator.AND);
      setSplitOnWhitespace(true);
    }

    // ---------------------------------------------------------------- values

    @Override
    protected Query getFieldQuery(String field, String text, boolean quoted) throws ParseException {
      count();
      if (field.equals(ANY)) {
        return anywhere(text, quoted);
      }
      if (WORDS.contains(field)) {
        return words(field, text, quoted);
      }
      if (KEYWORDS.contains(field)) {
        return keyword(field, text);
      }
      if (TIMES.contains(field)) {
        throw misuse(
            "%s:%s is not a range".formatted(field, text),
            "Write %s:[2026-01-31T00:00:00Z TO *]; either end may be *".formatted(field));
      }
      return leaf(field, text);
    }

    @Override
    protected Query getFieldQuery(String field, String text, int slop) throws ParseException {
      if (slop == 0) {
        return getFieldQuery(field, text, true);
      }
      throw misuse("A phrase can't be near (~)", "Leave ~ and what follows out");
    }

    /** In what people remember: words, the name, the error. */
    private Query anywhere(String text, boolean quoted) throws ParseException {
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      for (String field : List.of(Fields.CAUSE, Fields.INPUT, Fields.OUTPUT)) {
        any.add(words(field, text, quoted), BooleanClause.Occur.SHOULD);
      }
      any.add(term(Fields.NAME, text), BooleanClause.Occur.SHOULD);
      any.add(term(Fields.ERROR, text), BooleanClause.Occur.SHOULD);
      return any.build();
    }

    /** Several words are a phrase; of an unquoted text too, which has no blanks. */
    private Query words(String field, String text, boolean quoted) throws ParseException {
      Query query = newFieldQuery(getAnalyzer(), field, text, true);
      if (query == null) {
        throw misuse(
            "%s has no words".formatted(quoted ? '"' + text + '"' : text),
            "Search for letters or digits; other characters are not in the index");
      }
      return query;
    }

    private Query keyword(String field, String text) throws ParseException {
      return switch (field) {
        case Fields.STATUS -> term(field, status(text));
        case Fields.MACHINE -> machine(text);
        default -> term(field, text);
      };
    }

    private String status(String text) throws ParseException {
      for (ExecutionStatus status : ExecutionStatus.values()) {
        if (status.name().equalsIgnoreCase(text)) {
          return status.name();
        }
      }
      throw misuse(
          "There is no status '%s'".formatted(text),
          "Use one of " + Arrays.toString(ExecutionStatus.values()));
    }

    private Query leaf(String field, String value) throws ParseException {
      String leaves = leaves(field);
      String path = path(field);
      Query exact = term(leaves, new Leaves.Leaf(path, value).text());
      String number = Leaves.number(value);
      if (number == null || number.equals(value)) {
        return exact;
      }
      // As the number that it is, and as a string that looks like it.
      return new BooleanQuery.Builder()
          .add(exact, BooleanClause.Occur.SHOULD)
          .add(term(leaves, new Leaves.Leaf(path, number).text()), BooleanClause.Occur.SHOULD)
          .build();
    }

    // ---------------------------------------------------------------- beginnings

    @Override
    protected Query getPrefixQuery(String field, String prefix) throws ParseException {
      count();
      if (WORDS.contains(field)) {
        return new PrefixQuery(new Term(field, getAnalyzer().normalize(field, prefix)));
      }
      if (field.equals(ANY)) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (String words : List.of(Fields.CAUSE, Fields.INPUT, Fields.OUTPUT)) {
          any.add(
              new PrefixQuery(new Term(words, getAnalyzer().normalize(words, prefix))),
              BooleanClause.Occur.SHOULD);
        }
        any.add(new PrefixQuery(new Term(Fields.NAME, prefix)), BooleanClause.Occur.SHOULD);
        any.add(new PrefixQuery(new Term(Fields.ERROR, prefix)), BooleanClause.Occur.SHOULD);
        return any.build();
      }
      if (field.equals(Fields.NAME) || field.equals(Fields.ERROR)) {
        return new PrefixQuery(new Term(field, prefix));
      }
      if (KEYWORDS.contains(field) || TIMES.contains(field)) {
        throw misuse(
            "%s can't be searched by its beginning".formatted(field), "Write the whole value");
      }
      return new PrefixQuery(new Term(leaves(field), new Leaves.Leaf(path(field), prefix).text()));
    }

    /** {@code field:*} means that there is a value. */
    @Override
    protected Query getWildcardQuery(String field, String text) throws ParseException {
      if (text.equals("*") && PAYLOADS.stream().anyMatch(p -> field.startsWith(p + '.'))) {
        return getPrefixQuery(field, "");
      }
      throw misuse(
          "'%s': * may only stand at the end, behind something, and ? nowhere".formatted(text),
          "Write the beginning and *, for example name:order-*; \\* and \\? are the characters"
              + " themselves");
    }

    // ---------------------------------------------------------------- times

    @Override
    protected Query getRangeQuery(
        String field,
        @Nullable String from,
        @Nullable String to,
        boolean fromIncluded,
        boolean toIncluded)
        throws ParseException {
      count();
      if (!TIMES.contains(field)) {
        throw misuse(
            "%s has no ranges".formatted(field.equals(ANY) ? "What has no field" : field),
            "Ranges are for start and stop");
      }
      long low = from == null ? Long.MIN_VALUE : millis(from) + (fromIncluded ? 0 : 1);
      long high = to == null ? Long.MAX_VALUE : millis(to) - (toIncluded ? 0 : 1);
      return LongPoint.newRangeQuery(field, low, high);
    }

    private long millis(String text) throws ParseException {
      try {
        return text.indexOf('T') < 0
            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
            : Instant.parse(text).toEpochMilli();
      } catch (DateTimeParseException | ArithmeticException _) {
        throw misuse(
            "'%s' is not a time".formatted(text),
            "Write 2026-01-31 or 2026-01-31T08:00:00Z (UTC), or *");
      }
    }

    // ---------------------------------------------------------------- what there is not

    @Override
    protected Query getFuzzyQuery(String field, String text, float similarity)
        throws ParseException {
      throw misuse("Words can't be fuzzy (~)", "Leave ~ out, or write \\~ for the character");
    }

    @Override
    protected Query getRegexpQuery(String field, String text) throws ParseException {
      throw misuse("There are no regular expressions", "Put values with / in double quotes");
    }

    /** What must not be, alone, is all the rest. */
    @Override
    protected Query getBooleanQuery(List<BooleanClause> list) throws ParseException {
      Query query = super.getBooleanQuery(list);
      if (query == null || !list.stream().allMatch(BooleanClause::isProhibited)) {
        return query;
      }
      BooleanQuery.Builder rest = new BooleanQuery.Builder();
      rest.add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.MUST);
      list.forEach(rest::add);
      return rest.build();
    }

    // ---------------------------------------------------------------- help

    private void count() throws ParseException {
      clauses++;
      if (clauses > MOST_CLAUSES) {
        throw misuse(
            "The query has more than %d clauses".formatted(MOST_CLAUSES),
            "Split it, or use the parameters machine, status, startedAfter");
      }
    }

    private String leaves(String field) throws ParseException {
      for (String payload : PAYLOADS) {
        if (field.startsWith(payload + '.') && field.length() > payload.length() + 1) {
          return payload + Fields.LEAF;
        }
      }
      throw misuse(
          "There is no field '%s'".formatted(field),
          "Fields are %s; a value with : in it belongs in double quotes".formatted(NAMES));
    }

    private static String path(String field) {
      return field.substring(field.indexOf('.') + 1);
    }

    /** At the value that was read last. */
    private Misuse misuse(String what, String mend) {
      return new Misuse(token.beginColumn + 1, what, mend);
    }
  }

  private static Query term(String field, String value) {
    return new TermQuery(new Term(field, value));
  }

  /** By ARN or by name. */
  static Query machine(String text) {
    return term(text.startsWith("arn:") ? Fields.MACHINE : Fields.MACHINE_NAME, text);
  }
}
