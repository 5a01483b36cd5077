package output

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// fontFiles are the letters that every page needs at once; they are preloaded.
var fontFiles = [...]string{"/fonts/vazirmatn-arabic.woff2", "/fonts/vazirmatn-latin.woff2"}

// assetTime is when the assets are said to have changed; their validators are what decides.
var assetTime = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// newAssets packs the embedded files, the web manifest and robots.txt, by path.
func (ed *edition) newAssets() (map[string]*rendering, error) {
	assets := make(map[string]*rendering)
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		at := name[len("assets"):]
		assets[at] = ed.pack(body, assetType(at), assetTime)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	manifest, err := json.Marshal(map[string]any{
		"name": line(ed.Site.Title), "short_name": line(ed.Site.Title), "description": line(ed.Site.Description),
		"lang": "ar", "dir": "rtl", "start_url": ed.path + "/", "display": "browser",
		"background_color": "#ffffff", "theme_color": "#006064",
		"icons": []map[string]string{{"src": ed.path + "/icon-192.png", "sizes": "192x192", "type": "image/png"}},
	})
	if err != nil {
		return nil, fmt.Errorf("web manifest: %w", err)
	}
	assets["/site.webmanifest"] = ed.pack(manifest, "application/manifest+json", assetTime)
	robots := "User-agent: *\nAllow: /\nDisallow: " + ed.path + "/search\n"
	if sitemap := ed.url("/sitemap.xml"); sitemap != "" {
		robots += "Sitemap: " + sitemap + "\n"
	}
	assets["/robots.txt"] = ed.pack([]byte(robots), "text/plain; charset=utf-8", assetTime)
	return assets, nil
}

func assetType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}
