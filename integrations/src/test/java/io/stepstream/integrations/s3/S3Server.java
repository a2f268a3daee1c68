package io.stepstream.integrations.s3;

import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server in this process, on loopback only, with what is put into it in memory. */
public final class S3Server implements AutoCloseable {

  private final BlobStoreContext context;
  private final S3Proxy proxy;
  private final S3Client client;

  public S3Server() throws Exception {
    context =
        ContextBuilder.newBuilder(new TransientNio2BlobApiMetadata())
            .credentials("any", "any")
            .buildView(BlobStoreContext.class);
    proxy =
        S3Proxy.builder()
            .blobStore(context.getBlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .build();
    proxy.start();
    client = S3Clients.create(endpoint());
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  S3ObjectStore store() {
    return storeAt(endpoint());
  }

  static S3ObjectStore storeAt(URI endpoint) {
    return new S3ObjectStore(() -> S3Clients.create(endpoint));
  }

  /** How S3 tells an error. */
  static void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    HttpStub.send(
        exchange,
        status,
        "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
  }

  public void bucket(String name) {
    client.createBucket(request -> request.bucket(name));
  }

  void put(String bucket, String key, byte[] body) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(body));
  }

  public void put(String bucket, String key, String body) {
    put(bucket, key, body.getBytes(StandardCharsets.UTF_8));
  }

  public String get(String bucket, String key) {
    return client
        .getObjectAsBytes(request -> request.bucket(bucket).key(key))
        .asString(StandardCharsets.UTF_8);
  }

  /** The keys of a bucket's objects, in their order. */
  public List<String> keys(String bucket) {
    return client.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** What names an object. */
  static Map<String, Object> object(String bucket, String key) {
    return Map.of("Bucket", bucket, "Key", key);
  }

  @Override
  public void close() {
    client.close();
    context.close();
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
