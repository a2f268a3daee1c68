package io.stepstream.asl.items;

import dev.hardwood.metadata.RowGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file as objects, columns in their order. A page of each column is in memory
 * at a time, whatever the length of the file and of its row groups.
 */
final class ParquetItems implements Items {

  private final ParquetObject object;
  private @Nullable ParquetFooter footer;
  private @Nullable ParquetRows rows;
  private int nextGroup;
  private long rowsLeft;

  ParquetItems(ParquetObject object) {
    this.object = object;
  }

  @Override
  public @Nullable Object next() throws IOException {
    if (footer == null) {
      footer = ParquetFooter.read(object);
    }
    while (rowsLeft == 0) {
      if (rows != null) {
        rows.checkEnd();
        rows = null;
      }
      if (nextGroup == footer.rowGroups().size()) {
        return null;
      }
      begin(footer, footer.rowGroups().get(nextGroup++));
    }
    rowsLeft--;
    return rows == null ? null : rows.next();
  }

  private void begin(ParquetFooter known, RowGroup group) {
    ParquetMemory memory = new ParquetMemory();
    List<ParquetColumn> columns = new ArrayList<>();
    for (int i = 0; i < group.columns().size(); i++) {
      columns.add(
          new ParquetColumn(object, known.schema().getColumn(i), group.columns().get(i), memory));
    }
    rows = new ParquetRows(known.schema().getRootNode(), columns);
    rowsLeft = group.numRows();
  }

  @Override
  public void close() {
    rows = null;
  }
}
