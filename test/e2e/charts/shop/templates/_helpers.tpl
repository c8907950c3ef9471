{{- define "shop.labels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}
{{- define "shop.server" -}}
trap 'exit 0' TERM; mkdir -p /www; echo "{{ . }} $(cat /etc/shop/greeting)" > /www/index.html; httpd -p 8080 -h /www; while true; do sleep 3600 & wait $!; done
{{- end }}
