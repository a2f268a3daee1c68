package io.stepstream.integrations.aws;

import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/** A server of SQS's protocol in this process, on loopback only. */
final class QueueServer implements AutoCloseable {

  private final SQSRestServer server =
      SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
  }

  @Override
  public void close() {
    server.stopAndWait();
  }
}
