// The same alerts and dashboard for who manages them with jsonnet, in the layout of the monitoring mixins:
//
//   local maild = import 'mixin.libsonnet';
//   { 'alerts.yml': std.manifestYamlDoc(maild.prometheusAlerts) }
{
  prometheusAlerts+:: std.parseYaml(importstr 'alerts.yml'),
  grafanaDashboards+:: {
    'maild.json': import 'dashboard.json',
  },
}
