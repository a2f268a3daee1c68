package io.stepstream.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of a registry's protocol as somebody needs who sends an image; over TLS, with a
 * certificate that nobody knows.
 */
final class Registry implements AutoCloseable {

  private static final String PASSWORD = "registry";

  private final HttpsServer server;
  private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  /** By digest. */
  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  /** By tag. */
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

  /**
   * @param directory for its certificate
   */
  Registry(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(directory.resolve("registry.p12"))));
    server.createContext("/", this::handle);
    server.start();
  }

  private static SSLContext tls(Path file)
      throws IOException, GeneralSecurityException, InterruptedException {
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("keytool ended with " + exit);
    }
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  String host() {
    return "localhost:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (exchange.getRequestMethod()) {
      case "HEAD" -> answer(exchange, blobs.containsKey(last) ? 200 : 404);
      case "POST" -> {
        String upload = "/upload/" + ids.incrementAndGet();
        exchange.getResponseHeaders().add("Location", upload);
        answer(exchange, 202);
      }
      case "PATCH" -> {
        uploads.put(path, body);
        exchange.getResponseHeaders().add("Location", path);
        answer(exchange, 202);
      }
      case "PUT" -> {
        if (path.contains("/manifests/")) {
          manifests.put(last, body);
          exchange.getResponseHeaders().add("Docker-Content-Digest", digest(body));
          answer(exchange, 201);
        } else {
          String query = exchange.getRequestURI().getQuery();
          byte[] uploaded = uploads.get(path);
          String said = query.substring(query.indexOf("digest=") + "digest=".length());
          blobs.put(digest(uploaded), uploaded);
          answer(exchange, digest(uploaded).equals(said) ? 201 : 400);
        }
      }
      default -> answer(exchange, 200);
    }
  }

  static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String manifest(String tag) {
    return new String(manifests.get(tag), StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
