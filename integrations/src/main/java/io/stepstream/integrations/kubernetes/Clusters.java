package io.stepstream.integrations.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.stepstream.integrations.JobPauses;
import io.stepstream.integrations.aws.AwsServices;
import io.stepstream.integrations.http.Reach;
import io.stepstream.worker.handler.TaskContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Connects to clusters, anew for each call: they are seldom, and what authorises them is short
 * lived.
 *
 * @param reach fails if calls may not lead to a host
 * @param here how the worker's own cluster is reached
 */
record Clusters(AwsServices aws, Consumer<String> reach, Supplier<Config> here) {

  private static final int CONNECT_MILLIS = 5_000;

  static Clusters of(org.eclipse.microprofile.config.Config config, AwsServices aws) {
    return new Clusters(aws, new Reach(config)::check, () -> Config.autoConfigure(null));
  }

  /**
   * @throws io.stepstream.worker.handler.TaskFailedException nobody may go there
   * @throws KubernetesApi.Failed there are no credentials to go there with
   */
  KubernetesApi open(Cluster cluster, TaskContext context)
      throws KubernetesApi.Failed, InterruptedException {
    ConfigBuilder config =
        switch (cluster) {
          case Cluster.Here _ -> new ConfigBuilder(here.get());
          case Cluster.Eks eks -> {
            reach.accept(URI.create(eks.endpoint()).getHost());
            String token = token(eks, context);
            // Empty: nothing of the worker's own cluster may go to another one.
            yield new ConfigBuilder(Config.empty())
                .withMasterUrl(eks.endpoint())
                .withCaCertData(eks.certificateAuthority())
                .withOauthTokenProvider(() -> token);
          }
        };
    return new KubernetesApi(
        new KubernetesClientBuilder()
            .withHttpClientFactory(new JdkHttpClientFactory())
            .withConfig(
                config
                    .withConnectionTimeout(CONNECT_MILLIS)
                    .withRequestTimeout((int) timeLeft(context).toMillis())
                    // What isn't answered is the Retry's of the state, or the next look's.
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build());
  }

  private String token(Cluster.Eks eks, TaskContext context)
      throws KubernetesApi.Failed, InterruptedException {
    try {
      return EksToken.of(eks.name(), aws.credentials(context));
    } catch (SdkException e) {
      throw new KubernetesApi.Failed(e);
    }
  }

  private static Duration timeLeft(TaskContext context) {
    Duration left =
        context
            .deadline()
            .map(deadline -> Duration.between(Instant.now(), deadline))
            .orElse(JobPauses.LOOK);
    if (left.compareTo(JobPauses.LOOK) > 0) {
      return JobPauses.LOOK;
    }
    return left.isPositive() ? left.plusMillis(1) : Duration.ofMillis(1);
  }
}
