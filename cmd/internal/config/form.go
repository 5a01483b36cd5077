package config

// form is a fragment of JSON Schema (draft-07) that describes what a key may hold.
type form map[string]any

func textForm() form { return form{"type": "string", "minLength": 1} }

func boolForm() form { return form{"type": "boolean"} }

func choiceForm(words []string) form { return form{"type": "string", "enum": words} }

func numberForm(least int) form {
	return form{"type": "integer", "minimum": least, "maximum": 1_000_000}
}

func urlForm() form { return form{"type": "string", "pattern": "^https?://[^\\s]+$"} }

func durationForm() form {
	return form{"type": "string", "minLength": 2, "examples": []string{"10m", "1h30m", "2d", "10 دقائق"}}
}

func idForm() form { return form{"type": "string", "pattern": reID.String(), "maxLength": maxID} }

func listForm(of form) form { return form{"type": "array", "items": of} }

// oneOrList admits a single value where a list is meant.
func oneOrList(of form) form { return anyOf(of, listForm(of)) }

func anyOf(forms ...form) form { return form{"anyOf": forms} }

// orNothing admits the key without a value.
func orNothing(f form) form { return anyOf(f, form{"type": "null"}) }

// objectForm is a mapping with these keys and no others.
func objectForm(keys []key, required ...string) form {
	properties := form{}
	for _, k := range keys {
		f := form{"description": k.about}
		for name, value := range k.form {
			f[name] = value
		}
		properties[k.name] = f
	}
	f := form{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		f["required"] = required
	}
	return f
}

// namedForm is a mapping from ids to one form.
func namedForm(of form) form {
	return form{"type": "object", "propertyNames": idForm(), "additionalProperties": of}
}
