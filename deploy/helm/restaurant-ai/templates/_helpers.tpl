{{- define "rai.labels" -}}
app.kubernetes.io/name: restaurant-ai
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}
{{- define "rai.secret" -}}{{ .Values.secret.existing | default (printf "%s-secret" .Release.Name) }}{{- end }}
{{- define "rai.pod" -}}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 45
securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {app.kubernetes.io/instance: {{ .root.Release.Name }}, app.kubernetes.io/component: {{ .component }}}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app.kubernetes.io/instance: {{ .root.Release.Name }}, app.kubernetes.io/component: {{ .component }}}}}
volumes: [{name: tmp, emptyDir: {sizeLimit: 64Mi}}]
{{- end }}
{{- define "rai.container" -}}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsUser: 10001, runAsGroup: 10001, capabilities: {drop: [ALL]}}
envFrom: [{configMapRef: {name: {{ .Release.Name }}-config}}, {secretRef: {name: {{ include "rai.secret" . }}}}]
volumeMounts: [{name: tmp, mountPath: /tmp}]
{{- end }}
