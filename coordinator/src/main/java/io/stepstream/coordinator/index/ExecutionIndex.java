package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.FoundExecution;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.schemas.ExecutionStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Executions as documents of Lucene, on this node's disk. Derived from the history topic and no
 * more than a cache of it: whatever is lost or broken is read from there again.
 *
 * <p>What was written is found once the index has been refreshed. One thread writes, any may read.
 */
final class ExecutionIndex implements AutoCloseable {

  private static final Analyzer ANALYZER = Documents.analyzer();

  /** What the fields mean; an index of another version is built anew. */
  private static final String VERSION = "3";

  /** Among the offsets of a commit. */
  private static final String VERSION_KEY = "version";

  private static final Sort LATEST_FIRST =
      new Sort(new SortField(Fields.POSITION, SortField.Type.LONG, true));

  private static final Sort OLDEST_FIRST =
      new Sort(new SortField(Fields.POSITION, SortField.Type.LONG));

  /** With the largest payloads, 64 MB. */
  private static final int MOST_FRESH = 4096;

  private static final int LONGEST_CAUSE = 256;

  /** Of documents that wait to be written to a segment. */
  private static final double BUFFER_MEBIBYTES = 16;

  private final FSDirectory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final SearchLimits limits;

  /** Written since the last refresh, which no searcher finds yet. Guarded by this. */
  private final Map<String, IndexedExecution> fresh = new HashMap<>();

  /** Something has changed since the last refresh. Guarded by this. */
  private boolean stale;

  private ExecutionIndex(
      FSDirectory directory, IndexWriter writer, SearcherManager searchers, SearchLimits limits) {
    this.limits = limits;
    this.directory = directory;
    this.writer = writer;
    this.searchers = searchers;
  }

  /**
   * Opens what is there, or begins anew.
   *
   * @throws IOException also if what is there can't be read
   */
  static ExecutionIndex open(Path path, SearchLimits limits) throws IOException {
    FSDirectory directory = FSDirectory.open(path);
    try {
      if (DirectoryReader.indexExists(directory)) {
        requireVersion(directory);
      }
      IndexWriterConfig config = new IndexWriterConfig(ANALYZER);
      config.setRAMBufferSizeMB(BUFFER_MEBIBYTES);
      config.setCommitOnClose(false);
      IndexWriter writer = new IndexWriter(directory, config);
      return new ExecutionIndex(directory, writer, new SearcherManager(writer, null), limits);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static void requireVersion(FSDirectory directory) throws IOException {
    String version =
        SegmentInfos.readLatestCommit(directory).getUserData().getOrDefault(VERSION_KEY, "1");
    if (!version.equals(VERSION)) {
      throw new IOException(
          "The index has version %s, this release writes %s".formatted(version, VERSION));
    }
  }

  /** The offsets that were given to the last commit: what is before them is in the index. */
  Map<Integer, Long> offsets() {
    Map<Integer, Long> offsets = new HashMap<>();
    Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
    if (data != null) {
      for (Map.Entry<String, String> entry : data) {
        if (!entry.getKey().equals(VERSION_KEY)) {
          offsets.put(Integer.valueOf(entry.getKey()), Long.valueOf(entry.getValue()));
        }
      }
    }
    return offsets;
  }

  /** An execution as it is known, refreshed or not; null: it is not. */
  @Nullable IndexedExecution find(String executionArn) {
    synchronized (this) {
      IndexedExecution unseen = fresh.get(executionArn);
      if (unseen != null) {
        return unseen;
      }
    }
    return searching(
        searcher -> {
          TopDocs top = searcher.search(new TermQuery(new Term(Fields.ARN, executionArn)), 1);
          return top.scoreDocs.length == 0
              ? null
              : Documents.indexed(searcher.storedFields().document(top.scoreDocs[0].doc));
        });
  }

  /** Puts executions in, in place of what was known of them. */
  void put(Collection<IndexedExecution> executions) {
    try {
      for (IndexedExecution execution : executions) {
        String arn = execution.listed().executionArn();
        writer.updateDocument(new Term(Fields.ARN, arn), Documents.of(execution));
        synchronized (this) {
          fresh.put(arn, execution);
          stale = true;
          if (fresh.size() >= MOST_FRESH) {
            refresh();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets readers find what was put in. */
  void refresh() {
    try {
      synchronized (this) {
        if (stale) {
          searchers.maybeRefreshBlocking();
          fresh.clear();
          stale = false;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Forgets executions.
   *
   * @param field a moment of theirs, which is
   * @param before this
   */
  void forget(String field, Instant before) {
    try {
      writer.deleteDocuments(
          LongPoint.newRangeQuery(field, Long.MIN_VALUE, before.toEpochMilli() - 1));
      synchronized (this) {
        stale = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes what was put in survive the process.
   *
   * @param offsets by partition: what is before them is in the index
   */
  void commit(Map<Integer, Long> offsets) {
    Map<String, String> data = new HashMap<>();
    data.put(VERSION_KEY, VERSION);
    offsets.forEach((partition, offset) -> data.put(partition.toString(), offset.toString()));
    try {
      writer.setLiveCommitData(data.entrySet());
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link io.stepstream.coordinator.execution.ExecutionLists#list}. */
  ExecutionPage list(ExecutionQuery query, long before, int maxResults) {
    BooleanQuery.Builder matching =
        new BooleanQuery.Builder()
            .add(
                LongPoint.newRangeQuery(Fields.POSITION, Long.MIN_VALUE, before - 1),
                BooleanClause.Occur.FILTER);
    filter(matching, Fields.MACHINE, query.stateMachineArn());
    filter(matching, Fields.VERSION, query.stateMachineVersionArn());
    filter(matching, Fields.ALIAS, query.stateMachineAliasArn());
    filter(matching, Fields.MAP_RUN, query.mapRunArn());
    statuses(matching, query.statuses());
    range(matching, Fields.STOP, query.stopped());
    filter(
        matching, Fields.REDRIVEN, query.redriven() == null ? null : query.redriven().toString());
    return searching(
        searcher -> {
          TopDocs top = searcher.search(matching.build(), maxResults + 1, LATEST_FIRST);
          List<ListedExecution> found = new ArrayList<>();
          for (Document document : documents(searcher, top, maxResults, Documents.LISTED)) {
            found.add(Documents.listed(document));
          }
          return new ExecutionPage(found, top.scoreDocs.length > maxResults);
        });
  }

  /**
   * As {@link io.stepstream.coordinator.execution.ExecutionSearch#search}.
   *
   * @param asOf what was committed before this is in the index
   */
  SearchOutcome search(
      SearchQuery query, @Nullable Long beyond, int limit, @Nullable Instant asOf) {
    BooleanQuery.Builder matching = new BooleanQuery.Builder();
    matching.add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER);
    if (query.text() != null) {
      switch (QueryLanguage.read(query.text(), ANALYZER)) {
        case QueryLanguage.Meaning.Wrong(int at, String what, String mend) -> {
          return new SearchOutcome.Malformed(at, what, mend);
        }
        case QueryLanguage.Meaning.Search(Query text) ->
            matching.add(text, BooleanClause.Occur.FILTER);
      }
    }
    if (query.machine() != null) {
      matching.add(QueryLanguage.machine(query.machine()), BooleanClause.Occur.FILTER);
    }
    if (query.namePrefix() != null) {
      matching.add(
          new PrefixQuery(new Term(Fields.NAME, query.namePrefix())), BooleanClause.Occur.FILTER);
    }
    filter(matching, Fields.ERROR, query.error());
    statuses(matching, query.statuses());
    range(matching, Fields.START, query.started());
    range(matching, Fields.STOP, query.stopped());
    return searching(searcher -> page(searcher, matching.build(), query, beyond, limit, asOf));
  }

  private SearchOutcome page(
      IndexSearcher shared,
      Query matching,
      SearchQuery query,
      @Nullable Long beyond,
      int limit,
      @Nullable Instant asOf)
      throws IOException {
    IndexSearcher searcher = timed(shared);
    TopFieldDocs top =
        searcher.search(
            matching,
            new TopFieldCollectorManager(
                query.oldestFirst() ? OLDEST_FIRST : LATEST_FIRST,
                limit + 1,
                // Nothing equals a position, so no document number is needed.
                beyond == null
                    ? null
                    : new FieldDoc(Integer.MAX_VALUE, Float.NaN, new Object[] {beyond}),
                limits.counted()));
    if (searcher.timedOut()) {
      return new SearchOutcome.TooSlow();
    }
    List<FoundExecution> found = new ArrayList<>();
    for (Document document : documents(searcher, top, limit, Documents.FOUND)) {
      String cause = document.get(Fields.CAUSE);
      found.add(
          new FoundExecution(
              Documents.listed(document),
              document.get(Fields.ERROR),
              cause == null ? null : cause.substring(0, Math.min(LONGEST_CAUSE, cause.length())),
              Documents.partly(document)));
    }
    return new SearchOutcome.Found(
        found,
        top.scoreDocs.length > limit,
        Math.min(top.totalHits.value(), limits.counted()),
        top.totalHits.value() > limits.counted(),
        searcher.count(new TermQuery(new Term(Fields.PARTLY, Documents.EITHER))),
        asOf);
  }

  /** How many executions run, as of the last refresh. */
  int running() {
    Query runs = new TermQuery(new Term(Fields.STATUS, ExecutionStatus.RUNNING.name()));
    return searching(searcher -> searcher.count(runs));
  }

  /** As {@link io.stepstream.coordinator.execution.ExecutionMetrics#measure}. */
  MeasuredExecutions measure(MetricsQuery query, @Nullable Instant asOf) {
    BooleanQuery.Builder matching =
        new BooleanQuery.Builder()
            .add(
                new BooleanQuery.Builder()
                    .add(within(Fields.START, query), BooleanClause.Occur.SHOULD)
                    .add(within(Fields.STOP, query), BooleanClause.Occur.SHOULD)
                    .build(),
                BooleanClause.Occur.FILTER);
    if (query.machine() != null) {
      matching.add(QueryLanguage.machine(query.machine()), BooleanClause.Occur.FILTER);
    }
    return searching(
        shared -> {
          IndexSearcher searcher = timed(shared);
          Measurement measurement = new Measurement(query, limits.measured());
          searcher.search(
              matching.build(), (CollectorManager<Measurement, Measurement>) measurement);
          return measurement.result(!searcher.timedOut(), asOf);
        });
  }

  private static Query within(String field, MetricsQuery query) {
    return LongPoint.newRangeQuery(
        field, query.from().toEpochMilli(), query.before().toEpochMilli() - 1);
  }

  /** Of its own, since its time is its own. */
  private IndexSearcher timed(IndexSearcher shared) {
    IndexSearcher searcher = new IndexSearcher(shared.getIndexReader());
    long deadline = System.nanoTime() + limits.time().toNanos();
    searcher.setTimeout(() -> System.nanoTime() - deadline >= 0);
    return searcher;
  }

  private static void statuses(BooleanQuery.Builder query, Set<ExecutionStatus> statuses) {
    if (!statuses.isEmpty()) {
      query.add(
          new TermInSetQuery(
              Fields.STATUS, statuses.stream().map(status -> new BytesRef(status.name())).toList()),
          BooleanClause.Occur.FILTER);
    }
  }

  private static void range(BooleanQuery.Builder query, String field, TimeRange range) {
    if (!range.equals(TimeRange.ANY)) {
      query.add(
          LongPoint.newRangeQuery(
              field,
              range.from() == null ? Long.MIN_VALUE : range.from().toEpochMilli(),
              range.before() == null ? Long.MAX_VALUE : range.before().toEpochMilli() - 1),
          BooleanClause.Occur.FILTER);
    }
  }

  private static void filter(BooleanQuery.Builder query, String field, @Nullable String value) {
    if (value != null) {
      query.add(new TermQuery(new Term(field, value)), BooleanClause.Occur.FILTER);
    }
  }

  private static List<Document> documents(
      IndexSearcher searcher, TopDocs top, int atMost, Set<String> fields) throws IOException {
    StoredFields stored = searcher.storedFields();
    List<Document> documents = new ArrayList<>();
    for (ScoreDoc doc : top.scoreDocs) {
      if (documents.size() < atMost) {
        documents.add(stored.document(doc.doc, fields));
      }
    }
    return documents;
  }

  @FunctionalInterface
  private interface Searching<T extends @Nullable Object> {
    T with(IndexSearcher searcher) throws IOException;
  }

  private <T extends @Nullable Object> T searching(Searching<T> searching) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        return searching.with(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was put in since the last commit is put in again by whoever opens it next. */
  @Override
  public void close() throws IOException {
    searchers.close();
    writer.close();
    directory.close();
  }
}
