package io.stepstream.deploy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.stepstream.deploy.Release.Manifest;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is known of the kinds of objects that the chart makes, by those who made the kinds. */
final class Kinds {

  /** Finds what is wrong with an object, in words. */
  private interface Check {
    List<String> problems(JsonNode json) throws IOException;
  }

  /** Takes it or throws. */
  private interface Reader {
    void read(String json) throws IOException;
  }

  /** Of Kubernetes' models. */
  private interface Validator {
    void validate(JsonElement json) throws IOException;
  }

  private static final Map<String, Check> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              core("v1/Pod", V1Pod::validateJsonElement, V1Pod::fromJson),
              core("v1/Service", V1Service::validateJsonElement, V1Service::fromJson),
              core("v1/ConfigMap", V1ConfigMap::validateJsonElement, V1ConfigMap::fromJson),
              core(
                  "v1/ServiceAccount",
                  V1ServiceAccount::validateJsonElement,
                  V1ServiceAccount::fromJson),
              core(
                  "apps/v1/StatefulSet",
                  V1StatefulSet::validateJsonElement,
                  V1StatefulSet::fromJson),
              core("apps/v1/Deployment", V1Deployment::validateJsonElement, V1Deployment::fromJson),
              core(
                  "policy/v1/PodDisruptionBudget",
                  V1PodDisruptionBudget::validateJsonElement,
                  V1PodDisruptionBudget::fromJson),
              core(
                  "autoscaling/v2/HorizontalPodAutoscaler",
                  V2HorizontalPodAutoscaler::validateJsonElement,
                  V2HorizontalPodAutoscaler::fromJson),
              core(
                  "networking.k8s.io/v1/NetworkPolicy",
                  V1NetworkPolicy::validateJsonElement,
                  V1NetworkPolicy::fromJson),
              core(
                  "networking.k8s.io/v1/Ingress",
                  V1Ingress::validateJsonElement,
                  V1Ingress::fromJson),
              custom("kafka.strimzi.io/v1/Kafka", Kafka.class),
              custom("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
              custom("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
              custom("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class),
              custom("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
              custom("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
              custom("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
              Map.entry("keda.sh/v1alpha1/ScaledObject", Kinds::scaledObject)));

  /** The models of custom resources keep what they don't know; here that is a mistake. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return Boolean.FALSE;
                }

                /** Also what is a default, or it would look like a value that isn't known. */
                @Override
                public JsonInclude.Value findPropertyInclusion(Annotated annotated) {
                  return JsonInclude.Value.empty();
                }

                @Override
                public JsonIgnoreProperties.Value findPropertyIgnoralByName(
                    MapperConfig<?> config, Annotated annotated) {
                  return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Fields of KEDA's ScaledObject; there is no model of it for Java. */
  private static final Set<String> SCALED_OBJECT =
      Set.of(
          "scaleTargetRef",
          "minReplicaCount",
          "maxReplicaCount",
          "pollingInterval",
          "cooldownPeriod",
          "fallback",
          "advanced",
          "triggers");

  private static final Set<String> PROMETHEUS_TRIGGER =
      Set.of("serverAddress", "query", "threshold", "activationThreshold");

  private Kinds() {}

  static Set<String> known() {
    return KINDS.keySet();
  }

  static String of(Manifest manifest) {
    return manifest.apiVersion() + "/" + manifest.kind();
  }

  /** What is wrong with it; empty: nothing. */
  static List<String> problems(Manifest manifest) {
    Check check = KINDS.get(of(manifest));
    if (check == null) {
      return List.of(of(manifest) + " is no kind that is known");
    }
    try {
      return check.problems(manifest.json());
    } catch (IOException | RuntimeException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** Kubernetes' validators look for unknown and missing fields, its readers for wrong types. */
  private static Map.Entry<String, Check> core(String kind, Validator validator, Reader reader) {
    return Map.entry(
        kind,
        json -> {
          validator.validate(JsonParser.parseString(json.toString()));
          reader.read(json.toString());
          return List.of();
        });
  }

  private static Map.Entry<String, Check> custom(String kind, Class<?> model) {
    return Map.entry(
        kind,
        json -> {
          try {
            Object read = STRICT.treeToValue(json, model);
            // A value that an enum doesn't have is read as nothing, and missing afterwards.
            return lost("", json, STRICT.valueToTree(read));
          } catch (JsonProcessingException e) {
            return List.of(e.getOriginalMessage());
          }
        });
  }

  private static List<String> lost(String place, JsonNode before, JsonNode after) {
    List<String> lost = new ArrayList<>();
    if (before.isObject()) {
      before
          .properties()
          .forEach(
              field ->
                  lost.addAll(
                      lost(
                          place + "/" + field.getKey(),
                          field.getValue(),
                          after.path(field.getKey()))));
    } else if (before.isArray()) {
      for (int i = 0; i < before.size(); i++) {
        lost.addAll(lost(place + "/" + i, before.get(i), after.path(i)));
      }
    } else if (!before.asText().equals(after.asText())) {
      lost.add("%s: %s is read as %s".formatted(place, before, after));
    }
    return lost;
  }

  private static List<String> scaledObject(JsonNode json) {
    List<String> problems = new ArrayList<>();
    json.path("spec").properties().stream()
        .map(Map.Entry::getKey)
        .filter(field -> !SCALED_OBJECT.contains(field))
        .forEach(problems::add);
    for (JsonNode trigger : json.path("spec").path("triggers")) {
      if (!trigger.path("type").asText().equals("prometheus")) {
        problems.add("no trigger of Prometheus: " + trigger);
      }
      Set<String> metadata = new TreeSet<>();
      for (Map.Entry<String, JsonNode> field : trigger.path("metadata").properties()) {
        metadata.add(field.getKey());
        if (!field.getValue().isTextual()) {
          problems.add("KEDA's metadata are texts: " + field);
        }
      }
      if (!metadata.equals(PROMETHEUS_TRIGGER)) {
        problems.add("metadata " + metadata);
      }
    }
    return problems;
  }
}
