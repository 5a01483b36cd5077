package fetch

// reading is a feed document as it was read, before anything was made fit for readers: the common form
// of RSS, RDF, Atom and JSON Feed.
type reading struct {
	format, version            string
	encoding                   string
	repairs                    []string
	title, description, rights text
	link, id, language         string
	generator                  string
	published, updated         string // as written
	authors                    []Person
	categories                 []Category
	image                      Picture
	items                      []item
	partial                    bool       // the document ended too early
	print                      bool       // its items can be known by their bytes next time
	known                      knownItems // the items of the document that were not read again
	wishes                     wishes
	base                       string // against which relative addresses of the feed resolve
}

// item is one item of a reading.
type item struct {
	title, summary, content text
	link, id                string
	permalink               bool // the id says that it is an address
	published, updated      string
	authors                 []Person
	categories              []Category
	enclosures              []Enclosure
	image                   Picture
	caption                 string // of image, where the feed gives one
	source                  *Origin
	language, base          string
	ground                  string // the base of its texts where that is another
	comments                string
	raw                     span   // where it stands in the document
	hash                    uint64 // of the bytes there
	story                   string // the id of the story that was made of it
}

// text is a text of a feed with what is known about its markup.
type text struct {
	value string
	plain bool   // no markup: "<" is a "<"
	base  string // against which its addresses resolve
	lang  string
}

// Person is an author as a feed names one.
type Person struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Category is a label that a feed gives itself or an item.
type Category struct {
	Term   string `json:"term,omitempty"`   // for machines; in RSS the label itself
	Scheme string `json:"scheme,omitempty"` // whose term it is
	Label  string `json:"label,omitempty"`  // for people
}

// Enclosure is a file that belongs to an item.
type Enclosure struct {
	URL    string `json:"url,omitempty"`
	Type   string `json:"type,omitempty"`   // media type
	Length string `json:"length,omitempty"` // bytes, as written
}

// Picture is the picture of a feed or an item.
type Picture struct {
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
	Link  string `json:"link,omitempty"`
}

// Origin is the feed that an item was taken from.
type Origin struct {
	Title string `json:"title,omitempty"`
	Link  string `json:"link,omitempty"`
	ID    string `json:"id,omitempty"`
}
