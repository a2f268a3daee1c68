package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Results in the form of AWS's SDK for Java 1, which also told of the HTTP response. Moments are
 * milliseconds since 1970.
 */
final class FormerResult {

  private FormerResult() {}

  static ObjectNode of(AwsAnswer answer) {
    return new AwsResult(MemberNames::ofModel, FormerResult::moment).of(answer);
  }

  private static JsonNode moment(Instant moment) {
    return JsonNodeFactory.instance.numberNode(moment.toEpochMilli());
  }

  static ObjectNode withMetadata(AwsAnswer answer) {
    ObjectNode result = of(answer);
    addMetadata(result, answer.response());
    return result;
  }

  private static void addMetadata(ObjectNode result, SdkResponse response) {
    SdkHttpResponse http = response.sdkHttpResponse();
    ObjectNode told = result.putObject("SdkHttpMetadata");
    ObjectNode all = told.putObject("AllHttpHeaders");
    ObjectNode first = told.putObject("HttpHeaders");
    http.forEachHeader(
        (name, values) -> {
          ArrayNode array = all.putArray(name);
          values.forEach(array::add);
          if (!values.isEmpty()) {
            first.put(name, values.getFirst());
          }
        });
    told.put("HttpStatusCode", http.statusCode());
    if (response instanceof AwsResponse aws && aws.responseMetadata() != null) {
      result.putObject("SdkResponseMetadata").put("RequestId", aws.responseMetadata().requestId());
    }
  }
}
