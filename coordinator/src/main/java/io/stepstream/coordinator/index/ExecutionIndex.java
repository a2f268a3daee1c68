package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.ListedExecution;
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
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Executions as documents of Lucene, on this node's disk. Derived from the history topic and no
 * more than a cache of it: whatever is lost or broken is read from there again.
 *
 * <p>What was written is found once the index has been refreshed. One thread writes, any may read.
 */
final class ExecutionIndex implements AutoCloseable {

  private static final String ARN = "arn";
  private static final String MACHINE = "machine";
  private static final String MAP_RUN = "mapRun";
  private static final String VERSION = "version";
  private static final String ALIAS = "alias";
  private static final String STATUS = "status";
  private static final String START = "start";
  private static final String STOP = "stop";
  private static final String REDRIVES = "redrives";
  private static final String REDRIVE = "redrive";
  private static final String REDRIVEN = "redriven";
  private static final String POSITION = "position";

  private static final Sort LATEST_FIRST =
      new Sort(new SortField(POSITION, SortField.Type.LONG, true));

  /** Of documents that wait to be written to a segment. */
  private static final double BUFFER_MEBIBYTES = 16;

  private final FSDirectory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;

  /** Written since the last refresh, which no searcher finds yet. Guarded by this. */
  private final Map<String, ListedExecution> fresh = new HashMap<>();

  /** Something has changed since the last refresh. Guarded by this. */
  private boolean stale;

  private ExecutionIndex(FSDirectory directory, IndexWriter writer, SearcherManager searchers) {
    this.directory = directory;
    this.writer = writer;
    this.searchers = searchers;
  }

  /**
   * Opens what is there, or begins anew.
   *
   * @throws IOException also if what is there can't be read
   */
  static ExecutionIndex open(Path path) throws IOException {
    FSDirectory directory = FSDirectory.open(path);
    try {
      IndexWriterConfig config = new IndexWriterConfig();
      config.setRAMBufferSizeMB(BUFFER_MEBIBYTES);
      config.setCommitOnClose(false);
      IndexWriter writer = new IndexWriter(directory, config);
      return new ExecutionIndex(directory, writer, new SearcherManager(writer, null));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** The offsets that were given to the last commit: what is before them is in the index. */
  Map<Integer, Long> offsets() {
    Map<Integer, Long> offsets = new HashMap<>();
    Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
    if (data != null) {
      data.forEach(
          entry -> offsets.put(Integer.valueOf(entry.getKey()), Long.valueOf(entry.getValue())));
    }
    return offsets;
  }

  /** An execution as it is known, refreshed or not; null: it is not. */
  @Nullable ListedExecution find(String executionArn) {
    synchronized (this) {
      ListedExecution unseen = fresh.get(executionArn);
      if (unseen != null) {
        return unseen;
      }
    }
    List<ListedExecution> found = search(new TermQuery(new Term(ARN, executionArn)), 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Puts executions in, in place of what was known of them. */
  void put(Collection<ListedExecution> executions) {
    try {
      for (ListedExecution execution : executions) {
        writer.updateDocument(new Term(ARN, execution.executionArn()), document(execution));
        synchronized (this) {
          fresh.put(execution.executionArn(), execution);
          stale = true;
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

  /** Forgets executions that ended before a moment. */
  void forget(Instant before) {
    try {
      writer.deleteDocuments(
          LongPoint.newRangeQuery(STOP, Long.MIN_VALUE, before.toEpochMilli() - 1));
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
                LongPoint.newRangeQuery(POSITION, Long.MIN_VALUE, before - 1),
                BooleanClause.Occur.FILTER);
    filter(matching, MACHINE, query.stateMachineArn());
    filter(matching, VERSION, query.stateMachineVersionArn());
    filter(matching, ALIAS, query.stateMachineAliasArn());
    filter(matching, MAP_RUN, query.mapRunArn());
    filter(matching, STATUS, query.status() == null ? null : query.status().name());
    filter(matching, REDRIVEN, query.redriven() == null ? null : query.redriven().toString());
    List<ListedExecution> found = search(matching.build(), maxResults + 1);
    boolean more = found.size() > maxResults;
    return new ExecutionPage(more ? found.subList(0, maxResults) : found, more);
  }

  private static void filter(BooleanQuery.Builder query, String field, @Nullable String value) {
    if (value != null) {
      query.add(new TermQuery(new Term(field, value)), BooleanClause.Occur.FILTER);
    }
  }

  private List<ListedExecution> search(org.apache.lucene.search.Query query, int atMost) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        TopDocs top = searcher.search(query, atMost, LATEST_FIRST);
        StoredFields stored = searcher.storedFields();
        List<ListedExecution> found = new ArrayList<>();
        for (ScoreDoc doc : top.scoreDocs) {
          found.add(execution(stored.document(doc.doc)));
        }
        return found;
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ------------------------------------------------------------------ documents

  private static Document document(ListedExecution execution) {
    Document document = new Document();
    document.add(new StringField(ARN, execution.executionArn(), Field.Store.YES));
    document.add(new StringField(MACHINE, execution.stateMachineArn(), Field.Store.YES));
    document.add(new StringField(STATUS, execution.status().name(), Field.Store.YES));
    document.add(new StoredField(START, execution.startDate().toEpochMilli()));
    if (execution.stopDate() != null) {
      document.add(new StoredField(STOP, execution.stopDate().toEpochMilli()));
      document.add(new LongPoint(STOP, execution.stopDate().toEpochMilli()));
    }
    document.add(new StoredField(REDRIVES, execution.redriveCount()));
    document.add(
        new StringField(REDRIVEN, Boolean.toString(execution.redriveCount() > 0), Field.Store.NO));
    if (execution.redriveDate() != null) {
      document.add(new StoredField(REDRIVE, execution.redriveDate().toEpochMilli()));
    }
    name(document, MAP_RUN, execution.mapRunArn());
    name(document, VERSION, execution.stateMachineVersionArn());
    name(document, ALIAS, execution.stateMachineAliasArn());
    document.add(new LongPoint(POSITION, execution.position()));
    document.add(new NumericDocValuesField(POSITION, execution.position()));
    document.add(new StoredField(POSITION, execution.position()));
    return document;
  }

  private static ListedExecution execution(Document document) {
    return new ListedExecution(
        document.getField(POSITION).numericValue().longValue(),
        document.get(ARN),
        document.get(MACHINE),
        ExecutionStatus.valueOf(document.get(STATUS)),
        Instant.ofEpochMilli(document.getField(START).numericValue().longValue()),
        moment(document, STOP),
        document.getField(REDRIVES).numericValue().intValue(),
        moment(document, REDRIVE),
        document.get(MAP_RUN),
        document.get(VERSION),
        document.get(ALIAS));
  }

  private static void name(Document document, String field, @Nullable String value) {
    if (value != null) {
      document.add(new StringField(field, value, Field.Store.YES));
    }
  }

  private static @Nullable Instant moment(Document document, String field) {
    IndexableField stored = document.getField(field);
    return stored == null ? null : Instant.ofEpochMilli(stored.numericValue().longValue());
  }

  /** What was put in since the last commit is put in again by whoever opens it next. */
  @Override
  public void close() throws IOException {
    searchers.close();
    writer.close();
    directory.close();
  }
}
