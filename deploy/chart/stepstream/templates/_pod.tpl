{{/* Of Pods: what Kubernetes calls the restricted standard. */}}
{{- define "stepstream.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.podSecurity.runAsUser }}
runAsUser: {{ . | int }}
{{- end }}
{{- with .Values.podSecurity.fsGroup }}
fsGroup: {{ . | int }}
{{- /* A state directory has many files, and they are ours already at each start but the first. */}}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "stepstream.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Libraries in C unpack themselves there. */}}
{{- define "stepstream.temporary" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- end -}}

{{/*
The heap leaves room for what is outside of it. By this variable, since the images say how large the heap is on their command
line, which overrules JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS. An address is kept for 5 s: a Pod that was replaced has another one,
and JVMs keep the old for 30 s. The argument is the part of the limit.
*/}}
{{- define "stepstream.jvm" -}}
- name: _JAVA_OPTIONS
  value: -XX:MaxRAMPercentage={{ . }} -Dsun.net.inetaddr.ttl=5
{{- end -}}

{{/*
Startup waits for brokers and definitions. Liveness is that the process answers: one that restores its state, or has lost
its brokers, would have to start over after a restart. Readiness is lost late, since Kafka Streams is in a
rebalance on all nodes at the same time; a node that stops is taken out by Kubernetes at once. The argument is the port's name.
*/}}
{{- define "stepstream.probes" -}}
startupProbe:
  httpGet: {path: /q/health/started, port: {{ . }}}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 100
readinessProbe:
  httpGet: {path: /q/health/ready, port: {{ . }}}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 6
livenessProbe:
  httpGet: {path: /q/health/live, port: {{ . }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* Where Pods go: (dict "context" $ "of" <coordinator or pool> "selector" <labels>). */}}
{{- define "stepstream.placement" -}}
{{- with .of.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $.of.spread }}
    labelSelector:
      matchLabels: {{- $.selector | nindent 8 }}
  {{- end }}
{{- end -}}

{{- define "stepstream.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}
