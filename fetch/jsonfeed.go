package fetch

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/json"
)

// fromJSON translates what gofeed read of a JSON Feed.
func fromJSON(f *json.Feed) *reading {
	r := &reading{
		format: "json", version: f.Version[strings.LastIndexByte(f.Version, '/')+1:],
		title: text{value: f.Title, plain: true}, description: text{value: f.Description, plain: true},
		link: f.HomePageURL, id: f.FeedURL, language: f.Language,
		authors: fromJSONAuthors(f.Authors, f.Author),
		image:   Picture{URL: cmp.Or(f.Icon, f.Favicon)},
	}
	for _, in := range f.Items {
		if in != nil {
			r.items = append(r.items, fromJSONItem(in))
		}
	}
	return r
}

func fromJSONItem(in *json.Item) item {
	it := item{
		title:   text{value: in.Title, plain: true},
		summary: text{value: in.Summary, plain: true},
		content: text{value: in.ContentHTML},
		link:    cmp.Or(in.URL, in.ExternalURL), id: in.ID,
		published: in.DatePublished, updated: in.DateModified,
		authors:  fromJSONAuthors(in.Authors, in.Author),
		image:    Picture{URL: cmp.Or(in.Image, in.BannerImage)},
		language: in.Language,
	}
	if it.content.value == "" {
		it.content = text{value: in.ContentText, plain: true}
	}
	for _, t := range in.Tags {
		it.categories = append(it.categories, Category{Term: t})
	}
	if in.Attachments != nil {
		for _, a := range *in.Attachments {
			it.enclosures = append(it.enclosures, Enclosure{URL: a.URL, Type: a.MimeType, Length: size(a.SizeInBytes)})
		}
	}
	if it.link == "" && strings.Contains(it.id, "://") {
		it.link = it.id
	}
	return it
}

func size(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func fromJSONAuthors(many []*json.Author, one *json.Author) []Person {
	if len(many) == 0 && one != nil {
		many = []*json.Author{one}
	}
	var out []Person
	for _, a := range many {
		if a != nil && (a.Name != "" || a.URL != "") {
			out = append(out, Person{Name: a.Name, URL: a.URL})
		}
	}
	return out
}
