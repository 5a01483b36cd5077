package main

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"rafid"
)

// metrics is what the pipeline counts; docs/operating.md says what to do about each. Labels are bounded by
// the sources of feeds.yaml.
type metrics struct {
	registry *prometheus.Registry

	passes     *prometheus.CounterVec   // by source and outcome
	stories    *prometheus.CounterVec   // by source and what became of them
	pages      *prometheus.CounterVec   // by source and whether they were read
	failures   *prometheus.GaugeVec     // in a row, by source
	condition  *prometheus.GaugeVec     // 1 for the state that a source is in
	lastOK     *prometheus.GaugeVec     // unix seconds, by source
	took       *prometheus.HistogramVec // by outcome
	members    *prometheus.CounterVec   // by relation
	grouped    prometheus.Histogram     // from first sight to a place in a group
	publishing prometheus.Histogram
	reloadOK   prometheus.Gauge
	reloadAt   prometheus.Gauge
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	// From 1 ms, a 304 on a near host, to 33 s, above the time limit of 20 s.
	seconds := prometheus.ExponentialBuckets(.001, 2, 16)
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		passes:    counter("rafid_passes_total", "Passes over a source.", "source", "outcome"),
		stories:   counter("rafid_stories_total", "Stories met: new, revised, held by the flood guard, dropped by a rule.", "source", "fate"),
		pages:     counter("rafid_pages_total", "Pages of stories asked for: read, failed.", "source", "outcome"),
		failures:  gauge("rafid_source_failures", "Failed passes in a row.", "source"),
		condition: gauge("rafid_source_state", "1 for the state that the source is in.", "source", "state"),
		lastOK:    gauge("rafid_source_last_success_timestamp_seconds", "When the source last answered as it should.", "source"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rafid_fetch_duration_seconds", Help: "Time of a fetch, reading and repair included.", Buckets: seconds,
		}, []string{"outcome"}),
		members: counter("rafid_grouped_total", "Stories grouped, by their relation to the group.", "relation"),
		grouped: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "rafid_grouping_lag_seconds", Help: "From first sight of a story to its place in a group.", Buckets: seconds,
		}),
		publishing: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "rafid_publish_duration_seconds", Help: "Time to bring the renderings up to date.", Buckets: seconds,
		}),
		reloadOK: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "rafid_config_last_reload_successful", Help: "1 when the feeds.yaml on disk is the one in force.",
		}),
		reloadAt: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "rafid_config_last_reload_success_timestamp_seconds", Help: "When feeds.yaml was last taken over.",
		}),
	}
	m.registry.MustRegister(m.passes, m.stories, m.pages, m.failures, m.condition, m.lastOK, m.took, m.members, m.grouped, m.publishing,
		m.reloadOK, m.reloadAt, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) pass(source string, t tide) {
	m.passes.WithLabelValues(source, string(t.Outcome)).Inc()
	m.took.WithLabelValues(string(t.Outcome)).Observe(t.State.Took.Seconds())
	m.failures.WithLabelValues(source).Set(float64(t.State.Failures))
	if t.Was != t.State.Condition && t.Was != "" {
		m.condition.DeleteLabelValues(source, string(t.Was))
	}
	m.condition.WithLabelValues(source, string(t.State.Condition)).Set(1)
	if !t.State.LastOK.IsZero() {
		m.lastOK.WithLabelValues(source).Set(float64(t.State.LastOK.Unix()))
	}
	for fate, n := range map[string]int{
		"new": t.Receipt.New, "revised": t.Receipt.Revised, "held": t.Receipt.Held, "dropped": t.Dropped,
	} {
		if n > 0 {
			m.stories.WithLabelValues(source, fate).Add(float64(n))
		}
	}
}

func (m *metrics) placed(s rafid.Story, p rafid.Placement) {
	m.members.WithLabelValues(string(p.Member.Relation)).Inc()
	m.grouped.Observe(p.Member.Joined.Sub(s.FirstSeen).Seconds())
}

// forget drops the series of a source that is no longer configured.
func (m *metrics) forget(source string) {
	match := prometheus.Labels{"source": source}
	for _, v := range []interface{ DeletePartialMatch(prometheus.Labels) int }{m.passes, m.stories, m.pages, m.failures, m.condition, m.lastOK} {
		v.DeletePartialMatch(match)
	}
}
