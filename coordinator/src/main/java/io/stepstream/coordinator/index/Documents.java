package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexableField;
import org.jspecify.annotations.Nullable;

/** Executions as documents of Lucene, and back. */
final class Documents {

  /** What a list needs of a document: payloads are the larger part of it. */
  static final Set<String> LISTED =
      Set.of(
          Fields.ARN,
          Fields.MACHINE,
          Fields.MAP_RUN,
          Fields.VERSION,
          Fields.ALIAS,
          Fields.STATUS,
          Fields.START,
          Fields.STOP,
          Fields.REDRIVES,
          Fields.REDRIVE,
          Fields.POSITION);

  /** What a search needs. */
  static final Set<String> FOUND =
      Stream.concat(LISTED.stream(), Stream.of(Fields.ERROR, Fields.CAUSE, Fields.PARTLY))
          .collect(Collectors.toUnmodifiableSet());

  /** In {@link Fields#PARTLY} where input or output or both are. */
  static final String EITHER = "either";

  private Documents() {}

  /** Takes a text apart into words without case, those of each value apart from the next's. */
  static Analyzer analyzer() {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new StandardTokenizer();
        return new TokenStreamComponents(words, new LowerCaseFilter(words));
      }

      /** Of the beginning of a word. */
      @Override
      protected TokenStream normalize(String field, TokenStream beginning) {
        return new LowerCaseFilter(beginning);
      }

      @Override
      public int getPositionIncrementGap(String field) {
        return 100; // no phrase reaches from one value into the next
      }
    };
  }

  static Document of(IndexedExecution indexed) {
    ListedExecution execution = indexed.listed();
    Document document = new Document();
    keyword(document, Fields.ARN, execution.executionArn());
    keyword(document, Fields.MACHINE, execution.stateMachineArn());
    document.add(
        new StringField(
            Fields.MACHINE_NAME, machineName(execution.stateMachineArn()), Field.Store.NO));
    document.add(
        new StringField(Fields.NAME, ExecutionArns.name(execution.executionArn()), Field.Store.NO));
    keyword(document, Fields.STATUS, execution.status().name());
    document.add(new NumericDocValuesField(Fields.STATUS_ORDINAL, execution.status().ordinal()));
    moment(document, Fields.START, execution.startDate());
    if (execution.stopDate() != null) {
      moment(document, Fields.STOP, execution.stopDate());
    }
    document.add(new StoredField(Fields.REDRIVES, execution.redriveCount()));
    document.add(
        new StringField(
            Fields.REDRIVEN, Boolean.toString(execution.redriveCount() > 0), Field.Store.NO));
    if (execution.redriveDate() != null) {
      document.add(new StoredField(Fields.REDRIVE, execution.redriveDate().toEpochMilli()));
    }
    name(document, Fields.MAP_RUN, execution.mapRunArn());
    name(document, Fields.VERSION, execution.stateMachineVersionArn());
    name(document, Fields.ALIAS, execution.stateMachineAliasArn());
    document.add(new LongPoint(Fields.POSITION, execution.position()));
    document.add(new NumericDocValuesField(Fields.POSITION, execution.position()));
    document.add(new StoredField(Fields.POSITION, execution.position()));
    if (indexed.error() != null) {
      keyword(document, Fields.ERROR, indexed.error());
    }
    if (indexed.cause() != null) {
      document.add(new TextField(Fields.CAUSE, indexed.cause(), Field.Store.YES));
    }
    payload(document, Fields.INPUT, indexed.input());
    payload(document, Fields.OUTPUT, indexed.output());
    if (!indexed.input().whole() || !indexed.output().whole()) {
      document.add(new StringField(Fields.PARTLY, EITHER, Field.Store.NO));
    }
    if (indexed.place() != null) {
      document.add(new StoredField(Fields.PLACE_PARTITION, indexed.place().partition()));
      document.add(new StoredField(Fields.PLACE_FIRST, indexed.place().first()));
      document.add(new StoredField(Fields.PLACE_LAST, indexed.place().last()));
    }
    return document;
  }

  private static void name(Document document, String field, @Nullable String value) {
    if (value != null) {
      keyword(document, field, value);
    }
  }

  private static void keyword(Document document, String field, String value) {
    document.add(new StringField(field, value, Field.Store.YES));
  }

  private static void moment(Document document, String field, Instant when) {
    document.add(new LongPoint(field, when.toEpochMilli()));
    document.add(new NumericDocValuesField(field, when.toEpochMilli()));
    document.add(new StoredField(field, when.toEpochMilli()));
  }

  private static void payload(Document document, String field, Leaves payload) {
    for (Leaves.Leaf leaf : payload.leaves()) {
      if (leaf.isExact()) {
        document.add(new StringField(field + Fields.LEAF, leaf.text(), Field.Store.NO));
      }
      document.add(new TextField(field, leaf.value(), Field.Store.NO));
      // To be written again when the execution ends.
      document.add(new StoredField(field, leaf.text()));
    }
    if (!payload.whole()) {
      keyword(document, Fields.PARTLY, field);
    }
  }

  private static String machineName(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  static IndexedExecution indexed(Document document) {
    return new IndexedExecution(
        listed(document),
        payload(document, Fields.INPUT),
        payload(document, Fields.OUTPUT),
        document.get(Fields.ERROR),
        document.get(Fields.CAUSE),
        place(document));
  }

  private static IndexedExecution.@Nullable Place place(Document document) {
    IndexableField partition = document.getField(Fields.PLACE_PARTITION);
    return partition == null
        ? null
        : new IndexedExecution.Place(
            partition.numericValue().intValue(),
            document.getField(Fields.PLACE_FIRST).numericValue().longValue(),
            document.getField(Fields.PLACE_LAST).numericValue().longValue());
  }

  private static Leaves payload(Document document, String field) {
    return new Leaves(
        Arrays.stream(document.getValues(field)).map(Leaves.Leaf::of).toList(),
        !partly(document).contains(field));
  }

  static List<String> partly(Document document) {
    return List.of(document.getValues(Fields.PARTLY));
  }

  static ListedExecution listed(Document document) {
    return new ListedExecution(
        document.getField(Fields.POSITION).numericValue().longValue(),
        document.get(Fields.ARN),
        document.get(Fields.MACHINE),
        ExecutionStatus.valueOf(document.get(Fields.STATUS)),
        Instant.ofEpochMilli(document.getField(Fields.START).numericValue().longValue()),
        moment(document, Fields.STOP),
        document.getField(Fields.REDRIVES).numericValue().intValue(),
        moment(document, Fields.REDRIVE),
        document.get(Fields.MAP_RUN),
        document.get(Fields.VERSION),
        document.get(Fields.ALIAS));
  }

  private static @Nullable Instant moment(Document document, String field) {
    IndexableField stored = document.getField(field);
    return stored == null ? null : Instant.ofEpochMilli(stored.numericValue().longValue());
  }
}
