package io.stepstream.dev.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Takes traces as a collector of OpenTelemetry does, by OTLP over HTTP. */
public final class Collector implements AutoCloseable {

  /** A span as it was sent, ids in hexadecimal; a parent of "" is none. */
  public record Received(
      String service,
      String name,
      String kind,
      String traceId,
      String spanId,
      String parentSpanId,
      List<String> linkedSpanIds,
      boolean error,
      Map<String, String> attributes,
      long startNanos,
      long endNanos) {}

  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private Collector(HttpServer server) {
    this.server = server;
  }

  public static Collector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Collector collector = new Collector(server);
    server.createContext("/v1/traces", collector::take);
    server.start();
    return collector;
  }

  /** For the setting {@code stepstream.tracing.endpoint}. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  public List<Received> spans() {
    return List.copyOf(spans);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      try (InputStream body =
          zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
        for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
          String service =
              of.getResource().getAttributesList().stream()
                  .filter(attribute -> attribute.getKey().equals("service.name"))
                  .map(attribute -> attribute.getValue().getStringValue())
                  .findFirst()
                  .orElse("");
          of.getScopeSpansList().stream()
              .flatMap(scope -> scope.getSpansList().stream())
              .map(span -> received(service, span))
              .forEach(spans::add);
        }
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static Received received(String service, Span span) {
    return new Received(
        service,
        span.getName(),
        span.getKind().name(),
        hex(span.getTraceId().toByteArray()),
        hex(span.getSpanId().toByteArray()),
        hex(span.getParentSpanId().toByteArray()),
        span.getLinksList().stream().map(link -> hex(link.getSpanId().toByteArray())).toList(),
        span.getStatus().getCodeValue() == 2,
        span.getAttributesList().stream()
            .collect(
                Collectors.toMap(
                    attribute -> attribute.getKey(),
                    attribute -> attribute.getValue().getStringValue())),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano());
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
