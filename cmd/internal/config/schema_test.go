package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"rafid/cmd/internal/config"
)

// update asks for the schema to be written; a flag must be known before the tests run.
var update = flag.Bool("update", false, "write feeds.schema.json anew")

// TestShippedSchema keeps the file that editors read in step with the reader.
func TestShippedSchema(t *testing.T) {
	t.Parallel()
	const path = "../../../feeds.schema.json"
	if *update {
		if err := os.WriteFile(path, config.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shipped, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(shipped, config.Schema()) {
		t.Error("feeds.schema.json is out of step: go test ./cmd/internal/config -run ShippedSchema -update")
	}
}

// TestSchemaAgrees compares the verdicts of schema and reader: what the reader takes the schema takes,
// and of the mistakes that lie in the shape of the file it finds the same.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	if err := json.Unmarshal(config.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"testdata/whole.yaml", "../../../feeds.yaml"} {
		for _, complaint := range validate(schema, decode(t, path), "") {
			t.Errorf("%s: %s", path, complaint)
		}
	}
	files, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shapes := []string{"unknown-key", "choice", "type", "no-url", "no-sources", "id", "bool", "number", "no-value"}
	for _, path := range files {
		_, code, _ := strings.Cut(wanted(t, path)[0], " ")
		if !slices.Contains(shapes, code) || strings.Contains(path, "empty-url-list") || strings.Contains(path, "lead-empty") || strings.Contains(path, "formats-empty") {
			continue
		}
		if len(validate(schema, decode(t, path), "")) == 0 {
			t.Errorf("%s: the schema finds nothing", path)
		}
	}
}

// TestEverySettingIsDocumented looks for each key of the schema in the table of the operator's page.
func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Settings")
	table, _, _ = strings.Cut(table, "\n## ")
	var schema map[string]any
	if err := json.Unmarshal(config.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	keys := settings(schema)
	if len(keys) < 30 {
		t.Fatalf("only %d keys: %v", len(keys), keys)
	}
	for _, k := range keys {
		if !strings.Contains(table, "`"+k+"`") {
			t.Errorf("%s is not in docs/operating.md", k)
		}
	}
}

// settings lists the names of all properties of a schema.
func settings(schema any) []string {
	var names []string
	switch v := schema.(type) {
	case map[string]any:
		for k, below := range v {
			if properties, ok := below.(map[string]any); ok && k == "properties" {
				names = slices.AppendSeq(names, maps.Keys(properties))
			}
			names = append(names, settings(below)...)
		}
	case []any:
		for _, below := range v {
			names = append(names, settings(below)...)
		}
	}
	return names
}

func decode(t *testing.T, path string) any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// validate is the part of draft-07 that the schema uses.
func validate(s map[string]any, v any, at string) []string {
	var bad []string
	if options, ok := s["anyOf"].([]any); ok {
		var all []string
		for _, option := range options {
			complaints := validate(option.(map[string]any), v, at)
			if len(complaints) == 0 {
				all = nil
				break
			}
			all = append(all, complaints...)
		}
		bad = append(bad, all...)
	}
	if kind, ok := s["type"].(string); ok && !isKind(kind, v) {
		return append(bad, fmt.Sprintf("%s: not %s: %v", at, kind, v))
	}
	switch v := v.(type) {
	case string:
		bad = append(bad, validateText(s, v, at)...)
	case map[string]any:
		bad = append(bad, validateObject(s, v, at)...)
	case []any:
		if least, ok := s["minItems"].(float64); ok && len(v) < int(least) {
			bad = append(bad, at+": too few")
		}
		if most, ok := s["maxItems"].(float64); ok && len(v) > int(most) {
			bad = append(bad, at+": too many")
		}
		if items, ok := s["items"].(map[string]any); ok {
			for i, item := range v {
				bad = append(bad, validate(items, item, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case int:
		if least, ok := s["minimum"].(float64); ok && float64(v) < least {
			bad = append(bad, fmt.Sprintf("%s: %d is too small", at, v))
		}
	}
	return bad
}

func isKind(kind string, v any) bool {
	switch v.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case int:
		return kind == "integer" || kind == "number"
	case float64:
		return kind == "number"
	case []any:
		return kind == "array"
	}
	return kind == "object"
}

func validateText(s map[string]any, v, at string) []string {
	var bad []string
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, any(v)) {
		bad = append(bad, fmt.Sprintf("%s: %q is none of %v", at, v, enum))
	}
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
		bad = append(bad, fmt.Sprintf("%s: %q is not like %s", at, v, pattern))
	}
	if least, ok := s["minLength"].(float64); ok && utf8.RuneCountInString(v) < int(least) {
		bad = append(bad, fmt.Sprintf("%s: %q is too short", at, v))
	}
	if most, ok := s["maxLength"].(float64); ok && utf8.RuneCountInString(v) > int(most) {
		bad = append(bad, fmt.Sprintf("%s: %q is too long", at, v))
	}
	return bad
}

func validateObject(s map[string]any, v map[string]any, at string) []string {
	var bad []string
	if required, ok := s["required"].([]any); ok {
		for _, name := range required {
			if _, there := v[name.(string)]; !there {
				bad = append(bad, fmt.Sprintf("%s: no %s", at, name))
			}
		}
	}
	if least, ok := s["minProperties"].(float64); ok && len(v) < int(least) {
		bad = append(bad, at+": says nothing")
	}
	properties, _ := s["properties"].(map[string]any)
	for name, value := range v {
		here := at + "." + name
		if names, ok := s["propertyNames"].(map[string]any); ok {
			bad = append(bad, validate(names, name, here)...)
		}
		if property, ok := properties[name].(map[string]any); ok {
			bad = append(bad, validate(property, value, here)...)
			continue
		}
		switch more := s["additionalProperties"].(type) {
		case bool:
			if !more {
				bad = append(bad, here+": unknown")
			}
		case map[string]any:
			bad = append(bad, validate(more, value, here)...)
		}
	}
	return bad
}
