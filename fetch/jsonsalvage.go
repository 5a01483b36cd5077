package fetch

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"

	"github.com/mmcdole/gofeed/json"
)

// Bounds of a JSON document. gofeed makes some kilobytes of every object: 14 MB of "{}," took 8 GB.
const (
	maxObjects = 20 * maxItems // an item has its authors and attachments
	maxCommas  = 1 << 21       // texts have some of their own
)

// lookJSON is the gate: it refuses documents built to exhaust a parser, and says whether one holds so many
// objects that its items are read one by one.
func lookJSON(doc []byte) (many bool, err error) {
	objects := bytes.Count(doc, []byte("{"))
	if bytes.Count(doc, []byte(",")) > maxCommas {
		return false, fmt.Errorf("more than %d members: %w", maxCommas, ErrHostile)
	}
	return objects > maxItems, nil
}

// salvageJSON reads a JSON Feed that is broken or very long member by member, and its items one by one up
// to the first that is broken; nil when it holds no item.
func salvageJSON(doc []byte) *json.Feed {
	d := stdjson.NewDecoder(bytes.NewReader(doc))
	if t, err := d.Token(); err != nil || t != stdjson.Delim('{') {
		return nil
	}
	f := &json.Feed{}
	texts := map[string]*string{"version": &f.Version, "title": &f.Title, "home_page_url": &f.HomePageURL, "language": &f.Language, "description": &f.Description}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			break
		}
		if key == "items" {
			if !itemsOf(d, f) {
				break
			}
			continue
		}
		var raw stdjson.RawMessage
		if d.Decode(&raw) != nil {
			break
		}
		if s, ok := texts[str(key)]; ok {
			_ = stdjson.Unmarshal(raw, s) // of another type: left empty
		}
	}
	if len(f.Items) == 0 {
		return nil
	}
	return f
}

// itemOf reads an item: as the format has it, or, where a member is of another type, member by member; nil
// when it says nothing.
func itemOf(raw stdjson.RawMessage) *json.Item {
	one := &json.Item{}
	if stdjson.Unmarshal(raw, one) == nil {
		return one
	}
	var members map[string]stdjson.RawMessage
	if stdjson.Unmarshal(raw, &members) != nil {
		return nil
	}
	one = &json.Item{}
	for name, value := range members {
		before := *one
		var by string
		if name == "author" && stdjson.Unmarshal(value, &by) == nil {
			one.Author = &json.Author{Name: by}
			continue
		}
		if name == "tags" && len(value) > 0 && value[0] == '"' {
			value = append(append([]byte{'['}, value...), ']')
		}
		member, err := stdjson.Marshal(map[string]stdjson.RawMessage{name: value})
		if err != nil || stdjson.Unmarshal(member, one) != nil {
			*one = before // of another type: left empty
		}
	}
	if one.Title+one.Summary+one.ContentHTML+one.ContentText+one.URL == "" {
		return nil
	}
	return one
}

func str(t stdjson.Token) string {
	s, _ := t.(string)
	return s
}

// itemsOf reads the array of items and says whether it was whole. An item of the wrong shape is skipped.
func itemsOf(d *stdjson.Decoder, f *json.Feed) bool {
	if t, err := d.Token(); err != nil || t != stdjson.Delim('[') {
		return false
	}
	for d.More() && len(f.Items) < maxItems {
		var raw stdjson.RawMessage
		if d.Decode(&raw) != nil || bytes.Count(raw, []byte("{")) > maxObjects {
			return false
		}
		if one := itemOf(raw); one != nil {
			f.Items = append(f.Items, one)
		}
	}
	_, err := d.Token()
	return err == nil
}
