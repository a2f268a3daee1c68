package io.stepstream.integrations.s3;

import io.stepstream.asl.items.ObjectStore;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.integrations.aws.AwsAccess;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in S3, or in a server that speaks its protocol. What S3 refuses is refused in its words;
 * that it is not reached, busy or broken is an {@link IOException}. Safe for use by several
 * threads.
 */
@Singleton
public final class S3ObjectStore implements ObjectStore, AutoCloseable {

  private static final int SERVER_FAULT = 500;
  private static final int PARTIAL = 206;

  private final Supplier<S3Client> clients;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable S3Client client;

  /** As the environment says, looked at when S3 is needed for the first time. */
  public S3ObjectStore() {
    this(() -> S3Clients.create(AwsAccess.endpoint("S3", System::getProperty, System::getenv)));
  }

  S3ObjectStore(Supplier<S3Client> clients) {
    this.clients = clients;
  }

  private interface Call<T> {
    T on(S3Client s3);
  }

  private <T> T call(Call<T> call) throws IOException {
    try {
      return call.on(client());
    } catch (SdkException e) {
      throw problem(e);
    } catch (IllegalArgumentException | NullPointerException e) {
      // What the SDK itself says of arguments that are missing or cannot be.
      throw new ReadRefused(String.valueOf(e.getMessage()));
    }
  }

  private S3Client client() {
    S3Client known = client;
    if (known == null) {
      opening.lock();
      try {
        known = client;
        if (known == null) {
          known = clients.get();
          client = known;
        }
      } finally {
        opening.unlock();
      }
    }
    return known;
  }

  private static IOException problem(SdkException problem) {
    if (problem instanceof S3Exception told
        && told.statusCode() < SERVER_FAULT
        && !told.isThrottlingException()
        && !told.isClockSkewException()
        && !"RequestTimeout".equals(code(told))) {
      return new ReadRefused(words(told));
    }
    return new IOException("S3: " + problem.getMessage(), problem);
  }

  private static @Nullable String code(S3Exception told) {
    AwsErrorDetails details = told.awsErrorDetails();
    return details == null ? null : details.errorCode();
  }

  private static String words(S3Exception told) {
    AwsErrorDetails details = told.awsErrorDetails();
    return details == null || details.errorMessage() == null
        ? String.valueOf(told.getMessage())
        : details.errorMessage();
  }

  private static void require(Map<String, Object> arguments, String... names) throws ReadRefused {
    for (String name : names) {
      if (!(arguments.get(name) instanceof String text) || text.isEmpty()) {
        throw new ReadRefused("The argument '%s' is required and must be a text.".formatted(name));
      }
    }
  }

  @Override
  public InputStream open(Map<String, Object> arguments) throws IOException {
    return new Body(get(arguments, null));
  }

  private ResponseInputStream<GetObjectResponse> get(
      Map<String, Object> arguments, @Nullable String range) throws IOException {
    require(arguments, "Bucket", "Key");
    GetObjectRequest.Builder request =
        S3Arguments.apply(arguments, GetObjectRequest.builder(), "getObject");
    if (range != null) {
      request.range(range);
    }
    return call(s3 -> s3.getObject(request.build()));
  }

  @Override
  public long size(Map<String, Object> arguments) throws IOException {
    require(arguments, "Bucket", "Key");
    HeadObjectRequest.Builder request =
        S3Arguments.apply(arguments, HeadObjectRequest.builder(), "headObject");
    try {
      return call(s3 -> s3.headObject(request.build())).contentLength();
    } catch (ReadRefused e) {
      // An answer without a body says nothing of the reason; getObject is refused for the same.
      open(arguments).close();
      throw e;
    }
  }

  @Override
  public byte[] range(Map<String, Object> arguments, long from, int length) throws IOException {
    if (length == 0) {
      return new byte[0];
    }
    try (ResponseInputStream<GetObjectResponse> body =
        get(arguments, "bytes=%d-%d".formatted(from, from + length - 1))) {
      GetObjectResponse response = body.response();
      if (response.sdkHttpResponse().statusCode() != PARTIAL && from > 0) {
        body.abort();
        throw new ReadRefused("The server does not read parts of objects.");
      }
      byte[] bytes = body.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException(
            "S3: the answer ended after %d of %d bytes".formatted(bytes.length, length));
      }
      if (response.contentLength() != length) {
        body.abort();
      }
      return bytes;
    } catch (SdkException e) {
      throw problem(e);
    }
  }

  @Override
  public Listing list(Map<String, Object> arguments, @Nullable String continuation)
      throws IOException {
    require(arguments, "Bucket");
    ListObjectsV2Request.Builder request =
        S3Arguments.apply(arguments, ListObjectsV2Request.builder(), "listObjectsV2");
    if (continuation != null) {
      // The token says where to go on; some servers refuse both.
      request.continuationToken(continuation).startAfter(null);
    }
    ListObjectsV2Response response = call(s3 -> s3.listObjectsV2(request.build()));
    List<Entry> entries = new ArrayList<>(response.contents().size());
    for (S3Object object : response.contents()) {
      entries.add(
          new Entry(
              object.key(),
              object.eTag() == null ? "" : object.eTag(),
              object.size() == null ? 0 : object.size(),
              object.lastModified() == null ? 0 : object.lastModified().getEpochSecond(),
              object.storageClassAsString() == null ? "STANDARD" : object.storageClassAsString()));
    }
    return new Listing(
        entries,
        Boolean.TRUE.equals(response.isTruncated()) ? response.nextContinuationToken() : null);
  }

  @Override
  public void put(Map<String, Object> arguments, byte[] body) throws IOException {
    require(arguments, "Bucket", "Key");
    PutObjectRequest.Builder request =
        S3Arguments.apply(arguments, PutObjectRequest.builder(), "putObject");
    call(s3 -> s3.putObject(request.build(), RequestBody.fromBytes(body)));
  }

  /** Closes connections; an object that is still open can't be read any more. */
  @Override
  @PreDestroy
  public void close() {
    S3Client known = client;
    if (known != null) {
      known.close();
    }
  }

  /**
   * Closed before its end, the connection is given up: what is left may be gigabytes. An answer
   * that is cut off must not look like an object that ends there, and to the JDK's connections it
   * does.
   */
  private static final class Body extends FilterInputStream {

    private static final long UNKNOWN = -1;

    private final ResponseInputStream<GetObjectResponse> body;
    private long left;

    Body(ResponseInputStream<GetObjectResponse> body) {
      super(body);
      this.body = body;
      // S3 always tells it; who doesn't can't be checked.
      Long length = body.response().contentLength();
      this.left = length == null ? UNKNOWN : length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int read = body.read(buffer, offset, length);
        if (read < 0 && left > 0) {
          throw new IOException("S3: the answer ended %d bytes early".formatted(left));
        }
        if (left != UNKNOWN) {
          left -= Math.max(0, read);
        }
        return read;
      } catch (SdkException e) {
        throw problem(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (left == 0) {
        body.close();
      } else {
        body.abort();
      }
    }
  }
}
