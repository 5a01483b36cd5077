// Package rafid holds the words of the program: what a source, a story, a group and a channel are.
// It does no I/O and imports only the standard library, so every stage can speak these words without
// knowing any other stage.
//
// # A tour
//
// Rafid (رافد, "tributary") pulls Arabic news feeds, recognises which items are the same news, files
// them by category and publishes merged feeds and pages. Data flows sideways through the stages, each
// in a package of its own that imports no other stage:
//
//	fetch     one feed document, whatever its state, becomes clean stories
//	category  a story gets its categories: the outlet's own, a label's, a rule's, or "other"
//	dedupe    a story joins the group that is the same news, with the evidence for it
//	output    groups become feeds and pages
//
// The order of the stages is written once, in cmd/rafid/pipeline.go. A duplicate is decided in
// dedupe/index.go. Databases live under cmd/internal and have the methods that the stages ask for.
//
// # What always holds
//
// A published id ([Group.ID]) never changes and never comes back with another meaning. Nothing that
// was fetched is lost, nothing is published twice. One bad source, item or edit never stops the rest.
// Every merge carries its [Evidence]. Times are UTC; a reader's zone is a rendering.
package rafid

import (
	"errors"
	"slices"
	"time"
)

// ErrNotFound is what a store answers when it holds nothing under the id it was asked for.
var ErrNotFound = errors.New("not found")

// Other is the category of a story that nothing else places.
const Other = "other"

// Source is where stories come from: one feed of one outlet, as the operator names it.
type Source struct {
	ID       string // Latin slug, unique: it becomes an address, a log field, a metric label
	URL      string // address of the feed; fetched, and named in <source> of what we publish
	Name     string // the outlet's name as readers see it, usually Arabic
	Outlet   string // id shared by all feeds of one outlet: the first source of that Name; never empty once configured
	Home     string // the outlet's web site; empty until the feed itself has told it
	Category string // slug that everything in this feed belongs to; empty: decided story by story
	Country  string // ISO 3166-1 alpha-2, upper case; empty when unknown; gives zone-less dates a zone
	Content  string // the most that its licence lets us show of a story: headline, summary or full; empty: no bound of its own
}

// Story is one outlet's report of something: one item of one feed, cleaned.
type Story struct {
	// ID is derived from the source and the item's identity in it (guid, else canonical URL, else folded
	// title and day). It is the same on every machine and after every restart: 26 letters of base32.
	ID     string
	Source string // Source.ID
	Outlet string // Source.Outlet: the section feeds of one outlet are one voice
	GUID   string // as the feed gave it; may be empty
	Link   string // the outlet's article, for readers
	URL    string // the canonical form of Link, for comparing only

	Title   string // plain text, entities decoded, invisible marks and decorations removed
	Summary string // plain text: what the feed gave as description, without boilerplate
	Content string // sanitised HTML, empty when the feed gives no more than the summary
	Author  string // byline as given, may be empty
	Image   Image  // zero when the item has none
	Lang    string // BCP 47; "ar" unless the feed says, and the letters agree, that it is not

	Labels     []string // the outlet's own section names, as given, in order, each once
	Categories []string // slugs, most telling first; never empty once categorised
	Tags       []string // words that the operator's rules add
	Why        string   // the reason for Categories, e.g. `label "سياسة عربية" → politics`

	Published time.Time // UTC, never after FirstSeen
	Inferred  bool      // the feed gave no usable date: Published is FirstSeen
	FirstSeen time.Time // UTC, when our pass first met it
	Revised   time.Time // UTC, when its content last changed; FirstSeen at first
	Hash      string    // of everything the feed tells readers; differs when the outlet edits the item
}

// Image is a picture that an item brings along.
type Image struct {
	URL     string `json:"url,omitempty"`
	Caption string `json:"caption,omitempty"` // plain text; also the alternative text
}

// Relation says what a story is to its group.
type Relation string

// The relations of a member to its group.
const (
	Lead Relation = "lead" // the story that opened the group
	Copy Relation = "copy" // the same text, perhaps cut, edited or under another headline
	Same Relation = "same" // the same event or statement, written independently
)

// Evidence says why a story stands where it stands. It is stored with the membership and shown to
// readers and operators; a lead has none.
type Evidence struct {
	Score     float64  `json:"score,omitempty"`     // 0…1, what was compared with Threshold
	Threshold float64  `json:"threshold,omitempty"` // 0…1, in force when it was decided
	Words     []string `json:"words,omitempty"`     // shared telling words in surface form, heaviest first
	Numbers   []string `json:"numbers,omitempty"`   // numbers that both tell
	Conflicts []string `json:"conflicts,omitempty"` // facts on which they differ, "12≠15"
	Copied    float64  `json:"copied,omitempty"`    // 0…1, share of the shorter text found in the longer
	Hours     float64  `json:"hours,omitempty"`     // between the two publications
	Recurring float64  `json:"recurring,omitempty"` // 0…1, share of the wording that comes back day after day
	Links     []string `json:"links,omitempty"`     // stories of the group that it was linked by, best first
	Arabic    string   `json:"ar,omitempty"`        // one sentence for readers
	English   string   `json:"en,omitempty"`        // the same sentence
}

// Member is a story's place in a group.
type Member struct {
	Story    string    // Story.ID
	Relation Relation  //
	Of       string    // the story it is closest to; empty for a lead
	Joined   time.Time // UTC, when it was grouped
	Evidence Evidence
	Order    Order // what the operator said, when that put it here; zero when the engine decided
}

// Order is an operator's decision about where a story stands, as it is remembered with the membership: when
// its line leaves feeds.yaml, the story goes back.
type Order struct {
	Pair [2]string `json:"pair,omitzero"` // the ids of the line, of stories or groups
	From string    `json:"from,omitzero"` // Group.ID that the story stood in before
}

// Group is the stories that are the same news: readers see one item.
type Group struct {
	ID        string    // minted when the group opens, never changed, never used again
	Title     string    // the headline as first published, or the new lead's since Lead changed
	Lead      string    // Story.ID of the member whose headline, link and text are shown
	Thread    string    // ID of the group that this one follows the development of; empty if none
	Into      string    // ID of the group that this one's stories went to when it was found to be the same; empty while it has its own
	Published time.Time // UTC, of the first story; never moves
	Members   []Member  // in order of joining
}

// Entry is a group together with its stories: what is rendered. Stories[i] is Group.Members[i].
type Entry struct {
	Group   Group
	Stories []Story
}

// Lead is the story whose headline, link and text stand for the group; the zero Story when the group has
// none left.
func (e Entry) Lead() Story {
	for _, s := range e.Stories {
		if s.ID == e.Group.Lead {
			return s
		}
	}
	if len(e.Stories) == 0 {
		return Story{}
	}
	return e.Stories[0]
}

// Vote gives the category of a group of stories: the one that most of them have first. [Other] has no voice
// unless nobody speaks. A tie goes to the lead's category, else to the one that was there first. The stories
// are in order of joining; without any the answer is "".
func Vote(stories []Story, lead string) string {
	votes := make(map[string]int)
	for _, s := range stories {
		if len(s.Categories) > 0 && s.Categories[0] != Other {
			votes[s.Categories[0]]++
		}
	}
	best, most := "", 0
	for _, s := range stories {
		if len(s.Categories) == 0 {
			continue
		}
		slug := s.Categories[0]
		n := 2 * votes[slug]
		if s.ID == lead && n > 0 {
			n++
		}
		if n > most || best == "" {
			best, most = slug, n
		}
	}
	return best
}

// Category is the section that the group belongs to, see [Vote].
func (e Entry) Category() string { return Vote(e.Stories, e.Group.Lead) }

// Categories is the group's own category and then the others of its lead, each once. [Other] is there only
// when it is all that is known.
func (e Entry) Categories() []string {
	first := e.Category()
	if first == "" {
		return nil
	}
	slugs := []string{first}
	for _, slug := range e.Lead().Categories {
		if slug != Other && !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// Outlets lists the ids of the independent outlets, each once, in order of joining: several feeds of
// one outlet count once.
func (e Entry) Outlets() []string {
	var ids []string
	for _, s := range e.Stories {
		if !slices.Contains(ids, s.Outlet) {
			ids = append(ids, s.Outlet)
		}
	}
	return ids
}

// Placement is where a story was put: what the grouper decides and a store keeps, together with the
// story's group, in one transaction.
type Placement struct {
	Member Member
	Group  string // Group.ID; opened by this placement when Opens
	Opens  bool   // the group is new: Title, Published and Thread are its own
	Title  string // headline to show; empty leaves the group's as it is
	Lead   string // Story.ID of the lead to show; empty leaves it as it is
	Thread string // ID of the group that this one follows; empty leaves it as it is

	Category  string    // of the story that opens the group; from the second story on [Vote] decides
	Published time.Time // of the opening story

	Moves bool   // the story leaves the group that it stands in, if it has one; without it a story once placed stays
	Print []byte // what grouping needs of the story after a restart, so that its text need not be read again
}

// Filing is where a stored story belongs by the rules, labels and words of today.
type Filing struct {
	Story      string   // Story.ID
	Categories []string // as in Story, never empty
	Tags       []string // as in Story
	Why        string   // as in Story
}

// Pass is what one run over one source brings to the store, in one transaction: the validators never
// outrun the stories that they vouch for.
type Pass struct {
	State   SourceState
	Stories []Story // in order of publication, oldest first; known ones included
	Limit   Limit
}

// Limit is a flood guard: at most N stories in Per go on to be grouped and published, the rest wait.
// The zero Limit lets all through.
type Limit struct {
	N   int
	Per time.Duration
}

// Receipt is what a store did with the stories of one pass.
type Receipt struct {
	New     int      // stored for the first time, Held included
	Held    int      // over the source's limit: stored, but not grouped or published yet
	Revised int      // known, with other content than before
	Groups  []string // ids of the groups that a revised story belongs to
}

// Sight is what a store tells of a story that it holds.
type Sight struct {
	First time.Time // UTC, Story.FirstSeen as stored
	Hash  string    // Story.Hash as stored
}

// Category is a section of what we publish.
type Category struct {
	Slug  string   // Latin, an address
	Title string   // Arabic, what readers see
	From  []string // the outlets' own names for it, compared folded
}

// Channel is one thing that we publish and people subscribe to.
type Channel struct {
	Name     string // Latin slug, its address: "all", "top", a category's slug, "source-bbc"
	Title    string // what readers see, without the site's name
	Query    Query
	Credited bool // the outlet's name is known from the channel itself: no credit in titles

	Formats      []string // of atom, rss and json, best first; the site's when empty
	Content      string   // headline, summary or full; the site's when empty
	Credit       string   // suffix, prefix or none; the site's when empty
	MaxPerSource int      // at most so many items that one outlet leads; 0 is no bound
	Apart        bool     // each source's report is an item of its own: nothing is united across sources
	Token        string   // who does not bring it finds no such channel; empty for a public one
	Digest       string   // a cron line: instead of stories one item each time, with the widest since the time before
}

// Query selects groups. The zero Query selects all; of what is given, all must hold.
type Query struct {
	Category   string            // of the group, see [Vote]; "" any
	Source     string            // a member of the group comes from it; "" any
	Categories []string          // of the group, see [Vote], is one of them; none given: any
	Sources    []string          // a member comes from one of them; none given: any
	Countries  []string          // a member's source is of one of them, ISO 3166-1 alpha-2 in upper case; none given: any
	Words      []string          // the group tells one of them, in whatever spelling; of several words in one, all; none given: any
	Exclude    []string          // the group tells none of them
	When       string            // a condition as the operator writes it, see Fulfils; "" none
	Fulfils    func(*Story) bool // what When says: a story of the group for which it holds; nil: any
	MinSources int               // at least so many independent outlets
	Within     time.Duration     // …that published within so long of one another; 0 is no bound
	Age        time.Duration     // no group is older than the newest one given by more; 0 is no bound
	Keep       time.Duration     // groups younger than this are all given…
	Max        int               // …up to Max in number; 0 is no bound
	Before     time.Time         // only groups published before it, for paging; zero is no bound
}

// Condition is the state of a source in one word; see the constants.
type Condition string

// The conditions of a source.
const (
	Works    Condition = "works"    // answers with items
	Slow     Condition = "slow"     // answers, but took more than half of its time limit
	Quiet    Condition = "quiet"    // answers, but tells less than usual: half of the items, or long nothing new
	Empty    Condition = "empty"    // a feed with no item at all
	Blocked  Condition = "blocked"  // a wall for robots, a login, or a page where a feed should be
	Moved    Condition = "moved"    // answers from another address than the one configured
	Gone     Condition = "gone"     // 404 or 410
	Hijacked Condition = "hijacked" // title, language and link host changed at once: quarantined
	Broken   Condition = "broken"   // no answer, an error, or nothing that can be read as a feed
)

// SourceState is what is remembered of a source between passes. Validators belong to one URL and are
// kept byte-exact, quotes and all.
type SourceState struct {
	Source       string // Source.ID
	URL          string // the address that ETag, LastModified and BodyHash belong to
	ETag         string // as sent by the server
	LastModified string // as sent by the server
	BodyHash     string // of the last document that was read whole and stored

	Condition Condition
	Status    int       // HTTP status of the last answer, 0 when there was none
	Error     string    // the last failure in words; empty after a success
	Failures  int       // in a row
	LastFetch time.Time // UTC, the last attempt
	LastOK    time.Time // UTC, the last attempt that succeeded, 304 included
	LastFull  time.Time // UTC, the last unconditional success
	NotBefore time.Time // UTC, from Retry-After or back-off: no request before it

	Title    string        // the feed's own title
	Home     string        // the feed's own link to its site
	Encoding string        // what the bytes were read as
	Repairs  []string      // what had to be mended in the last document read
	Items    int           // in the last document read
	Took     time.Duration // the last attempt
	Bytes    int64         // of the last body, after decompression

	Every     time.Duration `json:",omitzero"` // between two fetches, as the feed itself wishes; 0 when it does not
	SkipHours uint32        `json:",omitzero"` // bit h: the feed asks to be left alone in hour h of UTC
	SkipDays  uint8         `json:",omitzero"` // bit d: and on weekday d, Sunday being 0
	Newest    time.Time     `json:",omitzero"` // UTC, the latest publication that it has told
	Rate      float64       `json:",omitzero"` // items a day as of Newest, over the last seven days or so
	Usual     float64       `json:",omitzero"` // items that its documents hold as a rule

	Move      Move      `json:",omitzero"`
	GoneSince time.Time `json:",omitzero"` // UTC, the first 410 since the last success
	Paused    string    `json:",omitzero"` // Source.URL that answered 410 twice a day apart: not asked any more

	Hub   string `json:",omitzero"` // that the feed names for WebSub; empty: none
	Topic string `json:",omitzero"` // what the feed calls itself at the hub
	Push  Push   `json:",omitzero"` // the subscription there
}

// Push is a subscription at a hub (https://www.w3.org/TR/websub/), asked for or in force.
type Push struct {
	Hub, Topic string    // as when it was asked for
	Token      string    // end of the callback address; not to be guessed
	Secret     string    // key of the hub's signatures; not to be told
	Asked      time.Time // UTC, the last request to the hub
	Until      time.Time // UTC, to when the hub has agreed to push; zero until it has
	Missed     int       // polls in a row that brought what was not pushed
}

// Move is a permanent redirect under proof: when the address has led to the same place for long enough, and
// to items that were known before, the place takes its place in feeds.yaml.
type Move struct {
	From   string    // address as configured
	To     string    // where it leads
	Since  time.Time // UTC, since when to that very place
	Shared bool      // items known before Since were found there
}

// Stats counts what is stored, for the pages.
type Stats struct {
	Stories  int            // since the time asked for
	Groups   int            // that these stories stand in
	BySource map[string]int // stories by Source.ID
}
