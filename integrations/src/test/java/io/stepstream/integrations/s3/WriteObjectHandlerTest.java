package io.stepstream.integrations.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WriteObjectHandlerTest {

  private final List<Duration> pauses = new ArrayList<>();

  private WriteObjectHandler handler(S3ObjectStore store) {
    return new WriteObjectHandler(store, new Attempts(pauses::add));
  }

  private static byte[] write(String bucket, String body) {
    return new ObjectWrite(
            Map.of("Bucket", bucket, "Key", "out/ü 1.json", "ContentType", "application/json"),
            body.getBytes(UTF_8))
        .encode();
  }

  @Test
  void shouldWriteAnObjectOnceOrTwice() throws Exception {
    try (S3Server server = new S3Server();
        S3ObjectStore store = server.store()) {
      server.bucket("bucket");

      byte[] first = handler(store).handleBytes(write("bucket", "[\"grüß\"]"), Visit.of(1));
      byte[] second = handler(store).handleBytes(write("bucket", "[\"grüß\"]"), Visit.of(1));

      assertThat(ObjectWrite.Written.decode(first))
          .isEqualTo(new ObjectWrite.Written("out/ü 1.json", 10));
      assertThat(second).isEqualTo(first);
      assertThat(server.get("bucket", "out/ü 1.json")).isEqualTo("[\"grüß\"]");
      assertThatThrownBy(
              () -> handler(store).handleBytes(write("no-such-bucket", "[]"), Visit.of(1)))
          .hasMessage("States.ResultWriterFailed: The specified bucket does not exist");
      assertThat(pauses).isEmpty();
    }
  }

  @Test
  void shouldTryAgainWhenS3IsBusy() throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (exchange, request) -> {
                  exchange.getRequestBody().readAllBytes();
                  if (request < 3) {
                    S3Server.error(exchange, 503, "SlowDown", "Reduce your request rate.");
                  } else {
                    exchange.sendResponseHeaders(200, -1);
                  }
                });
        S3ObjectStore store = S3Server.storeAt(stub.endpoint())) {

      handler(store).handleBytes(write("bucket", "[]"), Visit.of(1));

      assertThat(pauses).hasSize(2);
      assertThat(stub.requests()).isEqualTo(3);
    }
  }
}
