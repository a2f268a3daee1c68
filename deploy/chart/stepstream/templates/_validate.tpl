{{/*
What a schema can't say. Each message names the value and the page that helps; a node would refuse most of it too, but in a
Pod's log.
*/}}
{{- define "stepstream.validate" -}}
{{- $security := .Values.security -}}
{{- if not $security.secret -}}
{{- fail "\n\nsecurity.secret is missing. On an address that others reach Stepstream starts with authentication only: make a Secret with who may call and set security.secret to its name. How: docs/kubernetes.md#authentication" -}}
{{- end -}}
{{- if not (or $security.accessKeys $security.apiKeys $security.oidc.issuer) -}}
{{- fail "\n\nNobody could call: set security.accessKeys, security.apiKeys (the Secret has access-keys.json or api-keys.json) or security.oidc.issuer. docs/kubernetes.md#authentication" -}}
{{- end -}}
{{- if and $security.oidc.issuer (not $security.oidc.audience) -}}
{{- fail "\n\nsecurity.oidc.issuer is set without security.oidc.audience: any token of that provider would do, also those that are meant for others" -}}
{{- end -}}
{{- if and $security.oidc.clientId (not $security.oidc.issuer) -}}
{{- fail "\n\nsecurity.oidc.clientId is set without security.oidc.issuer, where people log in" -}}
{{- end -}}
{{- if and $security.oidc.clientSecret (not $security.oidc.clientId) -}}
{{- fail "\n\nsecurity.oidc.clientSecret is set without security.oidc.clientId" -}}
{{- end -}}
{{- $kafka := .Values.kafka -}}
{{- if .Values.strimzi.kafka.enabled -}}
{{- if or $kafka.bootstrapServers $kafka.tls.enabled (ne $kafka.authentication.type "none") -}}
{{- fail "\n\nstrimzi.kafka.enabled brings a cluster of its own, and kafka.bootstrapServers, kafka.tls or kafka.authentication leads to another one: set one of the two" -}}
{{- end -}}
{{- if not .Values.strimzi.users.enabled -}}
{{- fail "\n\nstrimzi.kafka.enabled needs strimzi.users.enabled: its brokers let nobody in without a user" -}}
{{- end -}}
{{- if ne (include "stepstream.strimziNamespace" .) .Release.Namespace -}}
{{- fail "\n\nstrimzi.kafka.enabled needs strimzi.namespace to be the release's: Pods read the Secrets of its certificates and users" -}}
{{- end -}}
{{- if gt (int .Values.topics.replicationFactor) (int .Values.strimzi.kafka.replicas) -}}
{{- fail (printf "\n\ntopics.replicationFactor is %d, and strimzi.kafka.replicas only %d" (int .Values.topics.replicationFactor) (int .Values.strimzi.kafka.replicas)) -}}
{{- end -}}
{{- else -}}
{{- if not $kafka.bootstrapServers -}}
{{- fail "\n\nkafka.bootstrapServers is missing: host:port of your brokers. Or set strimzi.kafka.enabled and strimzi.users.enabled for a cluster to try it with. docs/kubernetes.md" -}}
{{- end -}}
{{- if and (eq $kafka.authentication.type "tls") (not $kafka.tls.enabled) -}}
{{- fail "\n\nkafka.authentication.type is tls, which needs kafka.tls.enabled" -}}
{{- end -}}
{{- if ne $kafka.authentication.type "none" -}}
{{- if not $kafka.authentication.coordinatorSecret -}}
{{- fail "\n\nkafka.authentication.coordinatorSecret is missing: the Secret with the coordinator's credentials at the brokers" -}}
{{- end -}}
{{- range include "stepstream.pools" . | fromYamlArray -}}
{{- if not (or .kafkaSecret $kafka.authentication.workerSecret) -}}
{{- fail (printf "\n\nThe pool %s has no credentials at the brokers: set kafka.authentication.workerSecret, or its kafkaSecret" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if gt (int .Values.topics.minInsyncReplicas) (int .Values.topics.replicationFactor) -}}
{{- fail (printf "\n\ntopics.minInsyncReplicas is %d, more than the topics.replicationFactor of %d: nobody could write" (int .Values.topics.minInsyncReplicas) (int .Values.topics.replicationFactor)) -}}
{{- end -}}
{{- if and .Values.api.ingress.enabled (not .Values.api.ingress.hosts) -}}
{{- fail "\n\napi.ingress.enabled needs api.ingress.hosts: browsers are served under names that are known only" -}}
{{- end -}}
{{- if and .Values.monitoring.serviceMonitor.enabled (not .Values.monitoring.serviceMonitor.apiKeySecret) -}}
{{- fail "\n\nmonitoring.serviceMonitor.apiKeySecret is missing: metrics are told to nobody without an API key that may do stepstream:ReadMetrics. docs/kubernetes.md#metrics" -}}
{{- end -}}
{{- $names := list -}}
{{- range include "stepstream.pools" . | fromYamlArray -}}
{{- if has .name $names -}}
{{- fail (printf "\n\nTwo pools in workers are called %s" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- if gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas) -}}
{{- fail (printf "\n\nThe pool %s has more autoscaling.minReplicas than maxReplicas" .name) -}}
{{- end -}}
{{- if and (eq .autoscaling.type "hpa") (lt (int .autoscaling.minReplicas) 1) -}}
{{- fail (printf "\n\nThe pool %s: an HPA doesn't scale to 0, which autoscaling.type keda does" .name) -}}
{{- end -}}
{{- if and (eq .autoscaling.type "keda") (not $.Values.autoscaling.prometheus.serverAddress) -}}
{{- fail (printf "\n\nThe pool %s is scaled by KEDA, which needs autoscaling.prometheus.serverAddress" .name) -}}
{{- end -}}
{{- if and .encryption (not $.Values.encryption.secret) -}}
{{- fail (printf "\n\nThe pool %s has encryption: true, and encryption.secret is missing" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
