package io.stepstream.schemas.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Confluent's REST API, as far as it is needed: {@code POST /subjects/S/versions} (or {@code POST
 * /subjects/S} to look up), {@code GET /subjects/S/versions/latest} and {@code GET /schemas/ids/N}.
 *
 * <p>Ids are cached for ever, missing ones and the latest versions for a while. The bundled ids are
 * answered without the server.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">API
 *     reference</a>
 */
final class RestSchemaRegistry implements SchemaRegistry {

  /** Error code of "schema not found"; other 404s come from something that is no registry. */
  private static final int SCHEMA_NOT_FOUND = 40403;

  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int VERSION_NOT_FOUND = 40402;

  /** Bounds the memory that records with invented ids can cost. */
  private static final int MISSING_IDS_KEPT = 10_000;

  /** The same for topics that states name. */
  private static final int SUBJECTS_KEPT = 1_000;

  private record Registered(String subject, Schema schema) {}

  private final RegistrySettings settings;
  private final SchemaRegistry bundled;
  private final HttpClient client;
  private final List<RegistryEndpoint> endpoints;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Registered, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, SchemaLookup> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, Missed> missing = new ConcurrentHashMap<>();

  private final Map<String, Latest> latest = new ConcurrentHashMap<>();

  private record Missed(SchemaLookup.Missing answer, long untilNanos) {}

  private record Latest(SubjectLookup answer, long untilNanos) {}

  RestSchemaRegistry(RegistrySettings settings, SchemaRegistry bundled) {
    this.settings = settings;
    this.bundled = bundled;
    // HTTP/1.1: the upgrade to HTTP/2 over plain text confuses some proxies before registries.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .build();
    this.endpoints =
        settings.urls().stream()
            .map(url -> new RegistryEndpoint(url, client, settings.requestTimeout()))
            .toList();
  }

  @Override
  public int register(String subject, Schema schema) {
    Registered key = new Registered(subject, schema);
    Integer known = ids.get(key);
    if (known != null) {
      return known;
    }
    String path = subjectPath(subject) + (settings.autoRegister() ? "/versions" : "");
    String body = json.createObjectNode().put("schema", schema.toString()).toString();
    Exchange exchange = ask(endpoint -> endpoint.post(path, body));
    int id = idOf(exchange, subject, schema);
    ids.put(key, id);
    return id;
  }

  private static String subjectPath(String subject) {
    return "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private int idOf(Exchange exchange, String subject, Schema schema) {
    int status = exchange.answer.status();
    JsonNode id = exchange.body.path("id");
    if (status == 200 && id.canConvertToInt()) {
      return id.intValue();
    }
    String what = "%s under subject %s".formatted(schema.getFullName(), subject);
    if (!settings.autoRegister() && exchange.hasErrorCode(SUBJECT_NOT_FOUND, SCHEMA_NOT_FOUND)) {
      throw new SchemaRejectedException(
          "%s: not registered there, and registering by Stepstream is switched off. Register it first."
              .formatted(exchange.says(what)));
    }
    throw switch (status) {
      case 409 ->
          new SchemaRejectedException(
              ("%s: incompatible with the versions that are registered there. %s. Either the"
                      + " subject belongs to another record, or its compatibility level forbids a"
                      + " change that Stepstream needs (BACKWARD is enough).")
                  .formatted(exchange.says(what), exchange.message()));
      case 400, 422 ->
          new SchemaRejectedException(
              "%s: refused as invalid (HTTP %d). %s"
                  .formatted(exchange.says(what), status, exchange.message()));
      default -> exchange.unusable(what);
    };
  }

  @Override
  public SchemaLookup byId(int id) {
    SchemaLookup known = schemas.get(id);
    if (known != null) {
      return known;
    }
    if (bundled.byId(id) instanceof SchemaLookup.Found found) {
      schemas.put(id, found);
      return found;
    }
    Missed missed = missing.get(id);
    if (missed != null && System.nanoTime() - missed.untilNanos < 0) {
      return missed.answer;
    }
    Exchange exchange = ask(endpoint -> endpoint.get("/schemas/ids/" + id));
    SchemaLookup answer = lookupOf(exchange, id);
    switch (answer) {
      case SchemaLookup.Found found -> schemas.put(id, found);
      case SchemaLookup.Missing none -> remember(id, none);
    }
    return answer;
  }

  private SchemaLookup lookupOf(Exchange exchange, int id) {
    String what = "schema id " + id;
    int status = exchange.answer.status();
    if (status == 404 && exchange.hasErrorCode(SCHEMA_NOT_FOUND)) {
      return new SchemaLookup.Missing(exchange.says(what) + ": no such id");
    }
    return schemaOf(exchange, what);
  }

  private static SchemaLookup schemaOf(Exchange exchange, String what) {
    JsonNode schema = exchange.body.path("schema");
    if (exchange.answer.status() != 200 || !schema.isTextual()) {
      throw exchange.unusable(what);
    }
    String type = exchange.body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      return new SchemaLookup.Missing(exchange.says(what) + ": is of type " + type + ", not Avro");
    }
    if (!exchange.body.path("references").isEmpty()) {
      return new SchemaLookup.Missing(
          exchange.says(what) + ": refers to other schemas, which is not supported");
    }
    try {
      return new SchemaLookup.Found(new Schema.Parser().parse(schema.textValue()));
    } catch (AvroRuntimeException e) {
      return new SchemaLookup.Missing(
          "%s: is not an Avro schema (%s)".formatted(exchange.says(what), e.getMessage()));
    }
  }

  @Override
  public SubjectLookup latest(String subject) {
    Latest known = latest.get(subject);
    if (known != null && System.nanoTime() - known.untilNanos < 0) {
      return known.answer;
    }
    Exchange exchange = ask(endpoint -> endpoint.get(subjectPath(subject) + "/versions/latest"));
    SubjectLookup answer = latestOf(exchange, subject);
    if (latest.size() >= SUBJECTS_KEPT) {
      latest.clear();
    }
    latest.put(
        subject, new Latest(answer, System.nanoTime() + settings.missingIdRetention().toNanos()));
    return answer;
  }

  private SubjectLookup latestOf(Exchange exchange, String subject) {
    String what = "subject " + subject;
    if (exchange.answer.status() == 404
        && exchange.hasErrorCode(SUBJECT_NOT_FOUND, VERSION_NOT_FOUND)) {
      return new SubjectLookup.Missing(exchange.says(what) + ": no such subject");
    }
    return switch (schemaOf(exchange, what)) {
      case SchemaLookup.Missing(String reason) -> new SubjectLookup.Missing(reason);
      case SchemaLookup.Found found -> {
        JsonNode id = exchange.body.path("id");
        if (!id.canConvertToInt()) {
          throw exchange.unusable(what);
        }
        schemas.put(id.intValue(), found);
        yield new SubjectLookup.Found(id.intValue(), found.schema());
      }
    };
  }

  private void remember(int id, SchemaLookup.Missing answer) {
    if (missing.size() >= MISSING_IDS_KEPT) {
      missing.clear();
    }
    missing.put(
        id, new Missed(answer, System.nanoTime() + settings.missingIdRetention().toNanos()));
  }

  @Override
  public void close() {
    client.close();
  }

  @FunctionalInterface
  private interface Question {
    RegistryEndpoint.Answer ask(RegistryEndpoint endpoint) throws IOException;
  }

  /** Asks one endpoint after the other, until one of them answers with less than a server error. */
  private Exchange ask(Question question) {
    RegistryUnavailableException problem = null;
    for (RegistryEndpoint endpoint : endpoints) {
      RegistryUnavailableException failed;
      try {
        RegistryEndpoint.Answer answer = question.ask(endpoint);
        Exchange exchange = new Exchange(endpoint.name(), answer, parse(answer.body()));
        if (answer.status() < 500 && answer.status() != 429) {
          return exchange;
        }
        failed = exchange.unusable("the request");
      } catch (IOException e) {
        failed =
            new RegistryUnavailableException(
                "Schema registry %s does not answer: %s".formatted(endpoint.name(), e), e);
      }
      if (problem != null) {
        failed.addSuppressed(problem);
      }
      problem = failed;
    }
    throw requireNonNull(problem, "settings guarantee an endpoint");
  }

  private JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (IOException _) {
      // A proxy's page, for example; the status decides what it means.
      return json.missingNode();
    }
  }

  private record Exchange(String registry, RegistryEndpoint.Answer answer, JsonNode body) {

    String says(String what) {
      return "Schema registry %s on %s".formatted(registry, what);
    }

    String message() {
      return "It says: " + body.path("message").asText("nothing").strip();
    }

    boolean hasErrorCode(int... codes) {
      int code = body.path("error_code").asInt();
      for (int expected : codes) {
        if (code == expected) {
          return true;
        }
      }
      return false;
    }

    RegistryUnavailableException unusable(String what) {
      String advice =
          switch (answer.status()) {
            case 401, 403 -> " Are user and password in schema.registry.url right?";
            case 200, 404, 405 -> " Is schema.registry.url the base URL of the API?";
            default -> "";
          };
      return new RegistryUnavailableException(
          "%s: unusable answer, HTTP %d. %s.%s"
              .formatted(says(what), answer.status(), message(), advice),
          null);
    }
  }
}
