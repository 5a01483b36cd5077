// Package arch holds the rule of who may import whom, and the test that keeps it.
//
// Stages (fetch, category, dedupe, output) do not know each other and know no database: they import the
// root package, arabic and libraries. The root package imports only the standard library, arabic only
// that and x/text. Its promise ends there: it says nothing of what the packages do with each other.
package arch

import (
	"fmt"
	"slices"
	"strings"
)

// module is the import path under which all of Rafid stands.
const module = "rafid"

// rules says, for each package or, ending in "/", folder of packages, which of our own it may import and
// which libraries; nil libraries means any.
var rules = []struct {
	of        string
	own       []string
	libraries []string
}{
	{of: module, own: nil, libraries: []string{}},
	{of: "rafid/arabic", own: nil, libraries: []string{"golang.org/x/text/"}},
	{of: "rafid/fetch", own: []string{"rafid", "rafid/arabic"}},
	{of: "rafid/category", own: []string{"rafid", "rafid/arabic"}},
	{of: "rafid/dedupe", own: []string{"rafid", "rafid/arabic"}},
	{of: "rafid/output", own: []string{"rafid", "rafid/arabic"}},
	{of: "rafid/cmd/internal/config", own: []string{"rafid", "rafid/arabic", "rafid/category"}},
	{of: "rafid/cmd/internal/sqlite", own: []string{"rafid"}},
	{of: "rafid/cmd/internal/websub", own: []string{"rafid"}},
	{of: "rafid/cmd/internal/opml", own: []string{}},
	{of: "rafid/cmd/internal/storetest", own: []string{"rafid"}},
	{of: "rafid/cmd/internal/train-link", own: []string{"rafid", "rafid/arabic", "rafid/dedupe"}},
	{of: "rafid/cmd/internal/train-category", own: []string{"rafid", "rafid/arabic", "rafid/category"}},
	{of: "rafid/cmd/internal/quality", own: []string{"rafid", "rafid/arabic", "rafid/dedupe"}},
	{of: "rafid/cmd/internal/newsroom", own: []string{}},
	{of: "rafid/cmd/internal/newsroom/farm", own: []string{}},
	{of: "rafid/cmd/internal/newsroom/manners", own: []string{"rafid/cmd/internal/newsroom/farm"}},
}

// Forbidden says why the package at path may not import what it imports, an explanation for each; none
// when it may. std tells the standard library's packages.
func Forbidden(path string, imports []string, std func(string) bool) []string {
	var why []string
	for _, r := range rules {
		if r.of != path {
			continue
		}
		for _, imp := range imports {
			switch {
			case std(imp):
			case imp == module || strings.HasPrefix(imp, module+"/"):
				if !slices.Contains(r.own, imp) && !below(imp, path) {
					why = append(why, fmt.Sprintf("%s imports %s: of our own it may import only %v", path, imp, r.own))
				}
			case r.libraries != nil && !slices.ContainsFunc(r.libraries, func(l string) bool { return strings.HasPrefix(imp, l) }):
				why = append(why, fmt.Sprintf("%s imports %s: of libraries it may import only %v", path, imp, r.libraries))
			}
		}
	}
	return why
}

// below says whether a package is one of path's own: what stands below it, except below the root.
func below(imp, path string) bool {
	return path != module && strings.HasPrefix(imp, path+"/")
}
