package io.stepstream.examples.backups;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** The functions that the database backup calls. */
@Singleton
public final class BackupHandlers {
  private static final Map<String, List<String>> TABLES =
      Map.of(
          "shop", List.of("customers", "orders", "payments", "stock"),
          "ledger", List.of("accounts", "entries"));

  private static final String ALWAYS_LOCKED = "ledger.entries";

  /** The tables of a database. */
  @Produces
  @Singleton
  TaskHandler listTables() {
    return TaskHandler.function(
        "list-tables",
        request -> {
          String database = request.path("database").asText();
          List<String> tables = TABLES.get(database);
          if (tables == null) {
            throw new TaskFailedException(
                "Backups.NoSuchDatabase", "There is no database " + database);
          }
          ObjectNode result = JsonNodeFactory.instance.objectNode();
          ArrayNode names = result.putArray("tables");
          tables.forEach(names::add);
          return result;
        });
  }

  /** Backs a table up. */
  @Produces
  @Singleton
  TaskHandler backUpTable() {
    return TaskHandler.named(
        "back-up-table",
        (request, context) -> {
          String database = request.path("database").asText();
          String table = request.path("table").asText();
          if (ALWAYS_LOCKED.equals(database + "." + table)) {
            throw new TaskFailedException(
                "Backups.TableLocked",
                ALWAYS_LOCKED + " is locked, attempt " + (context.retryCount() + 1));
          }
          return JsonNodeFactory.instance
              .objectNode()
              .put("file", database + "/" + table + ".dump");
        });
  }
}
