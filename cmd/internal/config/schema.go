package config

import (
	"bytes"
	"encoding/json"
)

// Schema is the JSON Schema (draft-07, which editors' YAML servers read) of feeds.yaml. It is made from
// the tables that [Parse] reads by, so that a key cannot be in one and not in the other. What a schema
// cannot say (references between sections, cron lines that never fire) only Parse finds.
func Schema() []byte {
	r := &reader{}
	root := objectForm(r.topKeys(empty()), "sources")
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "feeds.yaml of Rafid"
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		panic("config: the schema cannot be written: " + err.Error()) // constants only; a test covers it
	}
	return out.Bytes()
}
