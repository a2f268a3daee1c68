package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.http.AbortableInputStream;

/**
 * A method of a client that takes a request and gives an answer.
 *
 * @param streamsIn the request has a body besides its members, which the SDK doesn't count among
 *     them
 * @param streamsOut so has the answer
 */
record AwsAction(Method method, Class<?> request, boolean streamsIn, boolean streamsOut) {

  /** The argument and the result's member that stand for a streamed body, as in S3's actions. */
  static final String BODY = "Body";

  /** One byte more than a result may have shows that it is too large. */
  private static final int BODY_LIMIT = TaskHandler.MOST_RESULT_BYTES + 1;

  /** A function of AWS Lambda may take 15 minutes. */
  static final Duration LONGEST = Duration.ofMinutes(16);

  /**
   * The actions of a client, by their names. Those that answer with a stream of events have none.
   */
  static Map<String, AwsAction> of(Class<?> client) {
    Map<String, AwsAction> actions = new HashMap<>();
    for (Method method : client.getMethods()) {
      List<Class<?>> taken = new ArrayList<>(Arrays.asList(method.getParameterTypes()));
      if (taken.isEmpty() || !AwsRequest.class.isAssignableFrom(taken.getFirst())) {
        continue;
      }
      Class<?> request = taken.removeFirst();
      boolean streamsIn = taken.remove(RequestBody.class);
      boolean streamsOut = taken.remove(ResponseTransformer.class);
      boolean answers = streamsOut || SdkResponse.class.isAssignableFrom(method.getReturnType());
      if (taken.isEmpty() && answers) {
        actions.put(method.getName(), new AwsAction(method, request, streamsIn, streamsOut));
      }
    }
    return Map.copyOf(actions);
  }

  /**
   * @param title of the action, for people
   * @param longest that the call may take
   * @param role whom the call acts as; null: the worker
   * @throws TaskFailedException the arguments don't fit
   */
  Object request(
      String title,
      ObjectNode arguments,
      TaskContext context,
      Duration longest,
      @Nullable AwsCredentials role) {
    AwsRequest.Builder builder = builder();
    ObjectNode members = arguments;
    if (streamsIn) {
      members = arguments.deepCopy();
      members.remove(BODY);
    }
    makeRepeatable((SdkPojo) builder, context);
    AwsArguments.apply(members, (SdkPojo) builder, title);
    builder.overrideConfiguration(
        override -> {
          override.apiCallTimeout(timeLeft(context, longest));
          if (role != null) {
            override.credentialsProvider(StaticCredentialsProvider.create(role));
          }
        });
    return builder.build();
  }

  /**
   * Some requests have a token by which the service knows a repetition. The SDK would make one up
   * for each call; ours is the attempt's.
   */
  private static void makeRepeatable(SdkPojo builder, TaskContext context) {
    for (SdkField<?> member : builder.sdkFields()) {
      // Tokens are the only members for which the SDK has a value of its own.
      if (member.containsTrait(DefaultValueTrait.class)
          && member.marshallingType() == MarshallingType.STRING) {
        member.set(builder, token(context));
      }
    }
  }

  /** The same for each delivery of an attempt's order, so that one delivered twice acts once. */
  static String token(TaskContext context) {
    byte[] key = context.idempotencyKey().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(key).toString();
  }

  private AwsRequest.Builder builder() {
    try {
      return (AwsRequest.Builder) request.getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every request of the SDK has a builder: " + request, e);
    }
  }

  /** The coordinator ends the task at its deadline; whoever hasn't answered until then needn't. */
  private static Duration timeLeft(TaskContext context, Duration longest) {
    Duration left =
        context
            .deadline()
            .map(deadline -> Duration.between(Instant.now(), deadline))
            .orElse(longest);
    if (left.compareTo(longest) > 0) {
      return longest;
    }
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  AwsAnswer send(SdkClient client, Object request, ObjectNode arguments)
      throws InterruptedException {
    List<Object> given = new ArrayList<>(List.of(request));
    if (streamsIn) {
      byte @Nullable [] body = AwsArguments.bytes(arguments.path(BODY));
      given.add(body == null ? RequestBody.empty() : RequestBody.fromBytes(body));
    }
    if (streamsOut) {
      given.add((ResponseTransformer<SdkResponse, AwsAnswer>) AwsAction::read);
    }
    try {
      Object answer = method.invoke(client, given.toArray());
      return answer instanceof AwsAnswer read ? read : new AwsAnswer((SdkResponse) answer, null);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        // What an interrupt looks like depends on where it hits.
        case SdkClientException _ when Thread.interrupted() ->
            throw new InterruptedException("nobody waits for the answer any more");
        case SdkException problem -> throw problem;
        // Some clients look at a request before they send it, at the name of a bucket for one.
        default -> throw SdkClientException.create(e.getCause().getMessage(), e.getCause());
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("an action is a public method: " + method, e);
    }
  }

  private static AwsAnswer read(SdkResponse response, AbortableInputStream body)
      throws IOException {
    byte[] bytes = body.readNBytes(BODY_LIMIT);
    if (bytes.length == BODY_LIMIT) {
      body.abort();
    }
    return new AwsAnswer(response, bytes);
  }
}
