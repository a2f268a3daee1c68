{{/* How Kafka is reached, after what Strimzi's cluster of this chart decides by itself. */}}
{{- define "stepstream.kafka" -}}
{{- $kafka := deepCopy .Values.kafka -}}
{{- if .Values.strimzi.kafka.enabled -}}
{{- $cluster := .Values.strimzi.cluster -}}
{{- $_ := set $kafka "bootstrapServers" (printf "%s-kafka-bootstrap.%s.svc:9093" $cluster (include "stepstream.strimziNamespace" .)) -}}
{{- $_ := set $kafka "tls" (dict "enabled" true "caSecret" (printf "%s-cluster-ca-cert" $cluster) "caKey" "ca.crt") -}}
{{- $_ := set $kafka "authentication" (dict "type" "sasl" "mechanism" "SCRAM-SHA-512" "coordinatorSecret" "stepstream-coordinator" "workerSecret" "stepstream-worker") -}}
{{- end -}}
{{- toYaml $kafka -}}
{{- end -}}

{{/* The environment of whoever has a Kafka client: (dict "context" $ "secret" "with its credentials"). */}}
{{- define "stepstream.kafkaEnv" -}}
{{- $kafka := include "stepstream.kafka" .context | fromYaml -}}
{{- $type := $kafka.authentication.type -}}
{{- $properties := dict -}}
{{- if and $kafka.tls.enabled (eq $type "sasl") -}}
{{- $_ := set $properties "security.protocol" "SASL_SSL" -}}
{{- else if $kafka.tls.enabled -}}
{{- $_ := set $properties "security.protocol" "SSL" -}}
{{- else if eq $type "sasl" -}}
{{- $_ := set $properties "security.protocol" "SASL_PLAINTEXT" -}}
{{- end -}}
{{- if eq $type "sasl" -}}
{{- $_ := set $properties "sasl.mechanism" $kafka.authentication.mechanism -}}
{{- else if eq $type "tls" -}}
{{- $_ := set $properties "ssl.keystore.type" "PKCS12" -}}
{{- $_ := set $properties "ssl.keystore.location" "/etc/stepstream/kafka-user/user.p12" -}}
{{- end -}}
{{- if and $kafka.tls.enabled $kafka.tls.caSecret -}}
{{- $_ := set $properties "ssl.truststore.type" "PEM" -}}
{{- $_ := set $properties "ssl.truststore.location" "/etc/stepstream/kafka-ca/ca.crt" -}}
{{- end -}}
{{- range $name, $value := $kafka.properties -}}
{{- $_ := set $properties $name $value -}}
{{- end -}}
- name: STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS
  value: {{ $kafka.bootstrapServers | quote }}
{{- range $name, $value := $properties }}
- name: STEPSTREAM_KAFKA_CLIENT_{{ $name | upper | replace "." "_" }}
  value: {{ $value | quote }}
{{- end }}
{{- if eq $type "sasl" }}
- name: STEPSTREAM_KAFKA_CLIENT_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: sasl.jaas.config
{{- else if eq $type "tls" }}
- name: STEPSTREAM_KAFKA_CLIENT_SSL_KEYSTORE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: user.password
{{- end }}
{{- with .context.Values.schemaRegistry }}
{{- if .secret }}
- name: SCHEMA_REGISTRY_URL
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- else if .url }}
- name: SCHEMA_REGISTRY_URL
  value: {{ .url | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "stepstream.kafkaMounts" -}}
{{- $kafka := include "stepstream.kafka" . | fromYaml -}}
{{- if and $kafka.tls.enabled $kafka.tls.caSecret }}
- name: kafka-ca
  mountPath: /etc/stepstream/kafka-ca
  readOnly: true
{{- end }}
{{- if eq $kafka.authentication.type "tls" }}
- name: kafka-user
  mountPath: /etc/stepstream/kafka-user
  readOnly: true
{{- end }}
{{- end -}}

{{/* (dict "context" $ "secret" "with its credentials"). */}}
{{- define "stepstream.kafkaVolumes" -}}
{{- $kafka := include "stepstream.kafka" .context | fromYaml -}}
{{- if and $kafka.tls.enabled $kafka.tls.caSecret }}
- name: kafka-ca
  secret:
    secretName: {{ $kafka.tls.caSecret }}
    defaultMode: 0440
    items:
      - key: {{ $kafka.tls.caKey }}
        path: ca.crt
{{- end }}
{{- if eq $kafka.authentication.type "tls" }}
- name: kafka-user
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    items:
      - key: user.p12
        path: user.p12
{{- end }}
{{- end -}}
