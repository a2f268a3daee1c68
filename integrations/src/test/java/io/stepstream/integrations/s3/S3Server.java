package io.stepstream.integrations.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server in this process, on loopback only, with what is put into it in memory. */
final class S3Server implements AutoCloseable {

  private final BlobStoreContext context;
  private final S3Proxy proxy;
  private final S3Client client;

  S3Server() throws Exception {
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

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  S3ObjectStore store() {
    return new S3ObjectStore(() -> S3Clients.create(endpoint()));
  }

  void bucket(String name) {
    client.createBucket(request -> request.bucket(name));
  }

  void put(String bucket, String key, byte[] body) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(body));
  }

  void put(String bucket, String key, String body) {
    put(bucket, key, body.getBytes(StandardCharsets.UTF_8));
  }

  String get(String bucket, String key) {
    return client
        .getObjectAsBytes(request -> request.bucket(bucket).key(key))
        .asString(StandardCharsets.UTF_8);
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
