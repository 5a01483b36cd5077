package output

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what is rendered and asked for. The labels are names of channels, which the operator bounds.
type metrics struct {
	renders  *prometheus.CounterVec
	bytes    *prometheus.GaugeVec
	requests *prometheus.CounterVec
}

// newMetrics registers the metrics; with no registerer they are kept and told to nobody.
func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		renders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rafid_output_renders_total", Help: "Times that a channel was rendered in all its formats."},
			[]string{"channel"}),
		bytes: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "rafid_output_bytes", Help: "Size of a channel's current rendering before compression."},
			[]string{"channel", "format"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rafid_output_requests_total", Help: "Requests for a channel's feeds by status."},
			[]string{"channel", "status"}),
	}
	if r == nil {
		return m, nil
	}
	var errs []error
	for _, c := range []prometheus.Collector{m.renders, m.bytes, m.requests} {
		errs = append(errs, r.Register(c))
	}
	return m, errors.Join(errs...)
}

func (m *metrics) rendered(channel string, is *issue) {
	m.renders.WithLabelValues(channel).Inc()
	for format, r := range is.formats {
		m.bytes.WithLabelValues(channel, format).Set(float64(r.size))
	}
}

// requests counts the requests for one channel. The two answers that nearly all get are looked up once.
type requests struct {
	ok, unchanged prometheus.Counter
	others        *prometheus.CounterVec
}

func (m *metrics) requestsFor(channel string) requests {
	of := m.requests.MustCurryWith(prometheus.Labels{"channel": channel})
	return requests{ok: of.WithLabelValues("200"), unchanged: of.WithLabelValues("304"), others: of}
}

func (r requests) count(status int) {
	switch status {
	case http.StatusOK:
		r.ok.Inc()
	case http.StatusNotModified:
		r.unchanged.Inc()
	default:
		r.others.WithLabelValues(strconv.Itoa(status)).Inc()
	}
}

// forget drops the series of channels that are no more.
func (m *metrics) forget(old []*channel, current map[string]*channel) {
	for _, c := range old {
		if current[c.Name] != nil {
			continue
		}
		gone := prometheus.Labels{"channel": c.Name}
		m.renders.DeletePartialMatch(gone)
		m.bytes.DeletePartialMatch(gone)
		m.requests.DeletePartialMatch(gone)
	}
}
