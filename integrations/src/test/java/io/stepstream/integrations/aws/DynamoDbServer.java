package io.stepstream.integrations.aws;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real server of DynamoDB's protocol, which runs on Node.js; its tables are in its memory. */
final class DynamoDbServer implements AutoCloseable {

  static final String NEEDS =
      "Node.js and 'npm ci --ignore-scripts' in integrations/src/test/dynamodb";

  private static final Path FOLDER = Path.of("src/test/dynamodb");

  private final Process process;
  private final URI endpoint;

  private DynamoDbServer(Process process, int port) {
    this.process = process;
    this.endpoint = URI.create("http://127.0.0.1:" + port);
  }

  /** Empty: what it needs is not installed. */
  static Optional<DynamoDbServer> start() throws IOException {
    if (!Files.isDirectory(FOLDER.resolve("node_modules")) || !hasNode()) {
      return Optional.empty();
    }
    Process process =
        new ProcessBuilder("node", FOLDER.resolve("server.js").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Not closed: it would close what the server writes to.
    String port =
        new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))
            .readLine();
    if (port == null) {
      process.destroyForcibly();
      throw new IOException("the server of DynamoDB ended before it listened");
    }
    return Optional.of(new DynamoDbServer(process, Integer.parseInt(port)));
  }

  private static boolean hasNode() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().destroyForcibly();
  }
}
