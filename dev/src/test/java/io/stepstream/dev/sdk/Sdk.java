package io.stepstream.dev.sdk;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.DnsResolver;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/** AWS's client of a stack on this machine. */
final class Sdk {

  static final String ROLE = "arn:aws:iam::000000000000:role/any";
  static final String STATES = "arn:aws:states:us-east-1:000000000000:";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final DnsResolver LOOPBACK =
      new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
          return new InetAddress[] {
            InetAddress.getByAddress(host, InetAddress.getLoopbackAddress().getAddress())
          };
        }

        @Override
        public String resolveCanonicalHostname(String host) {
          return host;
        }
      };

  private Sdk() {}

  /** With the SDK's own defaults; every host name leads to this machine. */
  static SfnClient client(URI endpoint, Consumer<ClientOverrideConfiguration.Builder> more) {
    return client(endpoint, AwsBasicCredentials.create("key", "secret"), more);
  }

  /** The same for who has an access key. */
  static SfnClient client(
      URI endpoint, AwsBasicCredentials key, Consumer<ClientOverrideConfiguration.Builder> more) {
    return SfnClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(key))
        .httpClientBuilder(Apache5HttpClient.builder().dnsResolver(LOOPBACK).maxConnections(200))
        .overrideConfiguration(more)
        .build();
  }

  static String create(SfnClient sfn, String name, String definition) {
    return sfn.createStateMachine(r -> r.name(name).roleArn(ROLE).definition(definition))
        .stateMachineArn();
  }

  static String start(SfnClient sfn, String machineArn, String input) {
    return sfn.startExecution(r -> r.stateMachineArn(machineArn).input(input)).executionArn();
  }

  static DescribeExecutionResponse awaitEnd(SfnClient sfn, String executionArn) {
    return Awaitility.await(executionArn)
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> sfn.describeExecution(r -> r.executionArn(executionArn)),
            found -> found.status() != ExecutionStatus.RUNNING);
  }

  /** The view of histories follows the execution's own state. */
  static List<HistoryEvent> awaitHistory(SfnClient sfn, String executionArn) {
    return Awaitility.await("history of " + executionArn)
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                sfn
                    .getExecutionHistoryPaginator(r -> r.executionArn(executionArn))
                    .events()
                    .stream()
                    .toList(),
            events -> !events.isEmpty() && isEnd(events.getLast()));
  }

  static boolean isEnd(HistoryEvent event) {
    return switch (event.type()) {
      case EXECUTION_SUCCEEDED, EXECUTION_FAILED, EXECUTION_ABORTED, EXECUTION_TIMED_OUT -> true;
      default -> false;
    };
  }
}
