package io.stepstream.coordinator.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;
import org.jspecify.annotations.Nullable;

/** Everything that the application answers, as it says itself. */
final class Routes {

  private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Routes() {}

  /**
   * A request to a route.
   *
   * @param action of AWS; null: it is a route of its own
   */
  record Call(String method, String path, @Nullable String action, @Nullable String body) {
    @Override
    public String toString() {
      return action == null ? method + ' ' + path : action;
    }
  }

  static List<Call> all(Router router) throws Exception {
    List<Call> all = new ArrayList<>();
    for (String action : new TreeSet<>(Constraints.load().actions())) {
      all.add(new Call("POST", "/", action, parameters(action)));
    }
    all.addAll(ofJaxRs());
    all.addAll(ofVertx(router));
    return all;
  }

  private static List<Call> ofJaxRs() throws Exception {
    List<Call> calls = new ArrayList<>();
    Index index;
    try (InputStream in =
        Gate.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .toURI()
            .resolve("META-INF/jandex.idx")
            .toURL()
            .openStream()) {
      index = new IndexReader(in).read();
    }
    for (String method : List.of("GET", "PUT", "POST", "PATCH", "DELETE")) {
      for (AnnotationInstance annotation :
          index.getAnnotations(DotName.createSimple("jakarta.ws.rs." + method))) {
        String path =
            annotation
                .target()
                .asMethod()
                .declaringClass()
                .annotation(DotName.createSimple("jakarta.ws.rs.Path"))
                .value()
                .asString();
        if (!path.equals("/")) {
          calls.add(call(method, path.replaceAll("\\{\\w+}", "x")));
        }
      }
    }
    return calls;
  }

  private static List<Call> ofVertx(Router router) {
    List<Call> calls = new ArrayList<>();
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null) {
        for (HttpMethod method : route.methods()) {
          calls.add(call(method.name(), route.getPath().replaceAll(":\\w+", arn())));
        }
      }
    }
    return calls;
  }

  private static Call call(String method, String path) {
    return new Call(method, path, null, method.equals("GET") ? null : "{}");
  }

  private static String arn() {
    return (ACCOUNT + "execution:m:e").replace(":", "%3A");
  }

  /** What the model requires, filled with what it lets through. */
  private static String parameters(String action) throws Exception {
    try (InputStream in = Constraints.class.getResourceAsStream("aws-constraints.json")) {
      JsonNode model = JSON.readTree(in).path("actions").path(action);
      ObjectNode request = JSON.createObjectNode();
      model.path("required").forEach(member -> fill(request, member.textValue()));
      if (action.equals("ListExecutions")) {
        fill(request, "stateMachineArn");
      }
      return request.toString();
    }
  }

  private static final Map<String, String> TEXTS =
      Map.of(
          "name",
          "n",
          "definition",
          "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}",
          "roleArn",
          "arn:aws:iam::111111111111:role/r",
          "executionArn",
          ACCOUNT + "execution:m:e",
          "mapRunArn",
          ACCOUNT + "mapRun:m/l:e",
          "activityArn",
          ACCOUNT + "activity:a",
          "stateMachineAliasArn",
          ACCOUNT + "stateMachine:m:live",
          "stateMachineVersionArn",
          ACCOUNT + "stateMachine:m:1",
          "taskToken",
          TaskTokens.unprotected().sign(new TaskToken(ACCOUNT + "execution:m:e", 1, 1)),
          "output",
          "{}");

  private static void fill(ObjectNode request, String member) {
    switch (member) {
      case "routingConfiguration" ->
          request
              .putArray(member)
              .addObject()
              .put("stateMachineVersionArn", ACCOUNT + "stateMachine:m:1")
              .put("weight", 100);
      case "tags" -> request.putArray(member).addObject().put("key", "k").put("value", "v");
      case "tagKeys" -> request.putArray(member).add("k");
      default -> request.put(member, TEXTS.getOrDefault(member, ACCOUNT + "stateMachine:m"));
    }
  }

  /** The same path in ways that something on the way may take for it, or for something open. */
  static Stream<String> disguised(String path) {
    return Stream.of(
        path,
        path + "/",
        path + "//",
        "/" + path,
        path + ";",
        path + ";a=b",
        path + "%3b",
        path + "/.",
        path + "/..",
        path + "/../health",
        path + ".",
        path + "%00",
        path + "%20",
        path + "?/q/health",
        path + "/q/health",
        path + "/console",
        path + "%2f",
        path.toUpperCase(java.util.Locale.ROOT),
        path.replace("/", "%2f"),
        path.replace("/", "%2F"),
        path.replaceFirst("/", "//"),
        path.replaceFirst("/", "/./"),
        path.replaceFirst("/", "/;/"),
        path.replaceFirst("/", "/%2e/"),
        "/console/.." + path,
        "/console/..;" + path,
        "/console/%2e%2e" + path,
        "/console%2f.." + path,
        "/q/health/../.." + path,
        "/q/health/%2e%2e/%2e%2e" + path,
        "/q/health/..%2f.." + path,
        "/q/health;/../.." + path,
        "/api/session/../.." + path);
  }
}
