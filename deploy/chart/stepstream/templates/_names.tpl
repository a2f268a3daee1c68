{{- define "stepstream.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for the longest ending and a Pod's number behind it. */}}
{{- define "stepstream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "stepstream.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "stepstream.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "stepstream.coordinator" -}}
{{- printf "%s-coordinator" (include "stepstream.fullname" .) -}}
{{- end -}}

{{/* The Service that gives each coordinator a name of its own. */}}
{{- define "stepstream.headless" -}}
{{- printf "%s-nodes" (include "stepstream.fullname" .) -}}
{{- end -}}

{{/* Of a pool: (dict "context" $ "pool" $pool). */}}
{{- define "stepstream.worker" -}}
{{- printf "%s-worker-%s" (include "stepstream.fullname" .context) .pool.name -}}
{{- end -}}

{{/* What nothing but this release's objects have. */}}
{{- define "stepstream.selector" -}}
app.kubernetes.io/name: {{ include "stepstream.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "stepstream.coordinatorSelector" -}}
{{ include "stepstream.selector" . }}
app.kubernetes.io/component: coordinator
{{- end -}}

{{/* Of a pool: (dict "context" $ "pool" $pool). */}}
{{- define "stepstream.workerSelector" -}}
{{ include "stepstream.selector" .context }}
app.kubernetes.io/component: worker
stepstream.io/pool: {{ .pool.name }}
{{- end -}}

{{/* What every object has besides a selector's labels. A Pod's would change at each release of the chart. */}}
{{- define "stepstream.labels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: stepstream
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Of a repository: (dict "context" $ "repository" "stepstream-worker"); with a tag or a digest it is taken as it is. */}}
{{- define "stepstream.image" -}}
{{- $image := .context.Values.image -}}
{{- if regexMatch "[:@][^/]*$" .repository -}}
{{- .repository -}}
{{- else -}}
{{- with $image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .repository }}:{{ default .context.Chart.AppVersion $image.tag -}}
{{- end -}}
{{- end -}}

{{- define "stepstream.strimziNamespace" -}}
{{- default .Release.Namespace .Values.strimzi.namespace -}}
{{- end -}}

{{/*
All pools with what workerDefaults gives them, as an array. Not by merge, for which false and "" are nothing that could
overrule a default.
*/}}
{{- define "stepstream.pools" -}}
{{- $pools := list -}}
{{- range .Values.workers -}}
{{- $pool := deepCopy $.Values.workerDefaults -}}
{{- range $key, $value := . -}}
{{- if has $key (list "serviceAccount" "autoscaling") -}}
{{- range $name, $inner := $value -}}
{{- $_ := set (index $pool $key) $name $inner -}}
{{- end -}}
{{- else -}}
{{- $_ := set $pool $key $value -}}
{{- end -}}
{{- end -}}
{{- $pools = append $pools $pool -}}
{{- end -}}
{{- toYaml $pools -}}
{{- end -}}

{{/* Under which names the API is called by those that this chart knows of, separated by commas. */}}
{{- define "stepstream.hosts" -}}
{{- $name := include "stepstream.fullname" . -}}
{{- $namespace := .Release.Namespace -}}
{{- $hosts := list $name (printf "%s.%s" $name $namespace) (printf "%s.%s.svc" $name $namespace) (printf "%s.%s.svc.cluster.local" $name $namespace) -}}
{{- if .Values.api.ingress.enabled -}}
{{- $hosts = concat $hosts .Values.api.ingress.hosts -}}
{{- end -}}
{{- concat $hosts .Values.api.hosts | uniq | join "," -}}
{{- end -}}
